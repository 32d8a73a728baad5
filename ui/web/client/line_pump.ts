/**
 * Hands lines on one after the other. Several come in one message, and whoever waits for an
 * answer goes on only after it: before the next line is looked at. Otherwise a page of history
 * would be put in place after an event that came later, and take its place.
 */

export class LinePump {
  #lines: string[] = [];
  #at = 0;
  #isRunning = false;
  #isStopped = false;

  /** @param take Takes a line; gives whether somebody waits for it. */
  constructor(private readonly take: (line: string) => boolean) {}

  /** Adds the lines of a message. */
  push(message: string): void {
    this.#lines.push(...message.split("\n"));
    if (!this.#isRunning) void this.#run();
  }

  /** Hands nothing on any more. */
  stop(): void {
    this.#isStopped = true;
    this.#lines = [];
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    try {
      while (this.#at < this.#lines.length && !this.#isStopped) {
        if (this.take(this.#lines[this.#at++]!)) await turn();
      }
    } finally {
      this.#lines = this.#lines.slice(this.#at);
      this.#at = 0;
      this.#isRunning = false;
    }
  }
}

/** Resolves in a later turn of the loop: all who were woken in this one have gone on. */
function turn(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    port2.close();
    resolve();
  };
  port2.postMessage(null);
  return promise;
}

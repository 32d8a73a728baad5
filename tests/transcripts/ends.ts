/** The two ends of a connection on the stage: bytes arrive at once, unless they are held. */

/** What happens at one end. */
export interface EndOwner {
  received(bytes: Uint8Array): void;
  drained(): void;
  disconnected(reason: string): void;
}

/** One end. */
export class End {
  readonly #lowWaterBytes: number;
  #owner: EndOwner | null = null;
  #other: End | null = null;
  #isOpen = true;
  #writtenBytes = 0;
  /** What is kept back, in order, or dropped. */
  #state: "flowing" | "held" | "silent" = "flowing";
  #held: (() => void)[] = [];
  /** What came before anybody listened. */
  #early: ((owner: EndOwner) => void)[] = [];

  /** @param lowWaterBytes How much must be written for `drained` to be owed. */
  constructor(lowWaterBytes: number) {
    this.#lowWaterBytes = lowWaterBytes;
  }

  /** Makes this and another one the ends of one connection. */
  join(other: End): void {
    this.#other = other;
    other.#other = this;
  }

  /** Says who is told what happens here. */
  own(owner: EndOwner): void {
    this.#owner = owner;
    for (const event of this.#early.splice(0)) event(owner);
  }

  /** Sends bytes. */
  write(bytes: Uint8Array): void {
    if (!this.#isOpen) return;
    this.#writtenBytes += bytes.length;
    this.#pass(() => {
      this.#other!.#tell((owner) => owner.received(bytes));
      if (this.#writtenBytes < this.#lowWaterBytes) return;
      this.#writtenBytes = 0;
      this.#tell((owner) => owner.drained());
    });
  }

  /** Closes; the other end is told after what was written. */
  close(reason: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#pass(() => this.#other!.lose(reason));
  }

  /** This end is told that the connection is gone. */
  lose(reason: string): void {
    if (!this.#isOpen) return;
    this.#tell((owner) => owner.disconnected(reason));
    this.#isOpen = false;
  }

  /** Keeps what is sent from here, or lets it flow again. */
  hold(held: boolean): void {
    this.#state = held ? "held" : "flowing";
    if (!held) { for (const event of this.#held.splice(0)) event(); }
  }

  /** What is sent from here gets lost from now on. */
  silence(): void {
    this.#state = "silent";
  }

  #pass(event: () => void): void {
    if (this.#state === "held") this.#held.push(event);
    else if (this.#state === "flowing") event();
  }

  #tell(event: (owner: EndOwner) => void): void {
    if (!this.#isOpen) return;
    if (this.#owner === null) this.#early.push(event);
    else event(this.#owner);
  }
}

/** Two ends, joined. */
export function joinEnds(lowWaterBytes: number): [End, End] {
  const [near, far] = [new End(lowWaterBytes), new End(lowWaterBytes)];
  near.join(far);
  return [near, far];
}

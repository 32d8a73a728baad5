/** What calls a person to the terminal: its title, bells and notifications. */

/** What goes out with the next frame. */
export class Calls {
  #pending = "";
  #title = "";

  /** Calls. One call for a frame: a burst must not ring a hundred times. */
  call(sequence: string): void {
    this.#pending = sequence;
  }

  /**
   * What is to be written now.
   *
   * @param label Of the room, without controls.
   * @param urgent How many lines there wait for the person.
   */
  take(label: string, urgent: number): string {
    const calls = this.#pending;
    this.#pending = "";
    const title = `${urgent > 0 ? `(${urgent}) ` : ""}${label}`;
    if (title === this.#title) return calls;
    this.#title = title;
    return `${calls}\x1b]2;${title}\x07`;
  }
}

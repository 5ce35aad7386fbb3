/**
 * People of a report under addresses that belong to nobody: those of a report have the right shape, and no number of any
 * country. The same one is always the same.
 */
export class TestPeople {
  readonly #known = new Map<string, string>();

  /** What is no address (`*`, `chat_id:7`, a short code) stays. */
  handle(reported: string): string {
    const isMail = reported.includes("@");
    if (!isMail && !/^\+\d{7,}$/.test(reported)) return reported;
    const known = this.#known.get(reported);
    if (known !== undefined) return known;
    const number = String(this.#known.size + 1);
    const handle = isMail ? `person${number}@example.com` : `+1555010${number.padStart(4, "0")}`;
    this.#known.set(reported, handle);
    return handle;
  }
}

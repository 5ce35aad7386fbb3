/**
 * Does one piece of work whenever somebody asks for it: never twice at once, and once more when somebody asked meanwhile,
 * for the work may have looked before there was something to see.
 */
export class WakeLatch {
  #underWay: Promise<void> | undefined;
  #again = false;

  /** @param work must not reject */
  constructor(private readonly work: () => Promise<void>) {}

  /** Settles with the work that is under way; undefined when there is none. */
  get underWay(): Promise<void> | undefined {
    return this.#underWay;
  }

  /** Begins at once, or when the work that is under way is done. */
  wake(): void {
    if (this.#underWay) {
      this.#again = true;
      return;
    }
    this.#underWay = this.work().finally(() => {
      this.#underWay = undefined;
      if (!this.#again) return;
      this.#again = false;
      this.wake();
    });
  }
}

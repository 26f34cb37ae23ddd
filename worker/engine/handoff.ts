// How a long job shares one thread with requests: it pauses between slices, and goes on when the
// queue says so, at a moment when no write is half done.

/** Pauses of one job at a time, resumed from outside. */
export class Handoff {
  #resume: (() => void) | undefined;

  /** Called by the job: resolves at the next `goOn`. */
  pause(): Promise<void> {
    return new Promise((resume) => (this.#resume = resume));
  }

  get isPaused(): boolean {
    return this.#resume !== undefined;
  }

  /**
   * Lets the paused job run until its next await. The job continues in the microtask that its
   * resolved pause queues, and this call returns after it.
   */
  async goOn(): Promise<void> {
    const resume = this.#resume;
    if (resume === undefined) return;
    this.#resume = undefined;
    resume();
    await Promise.resolve();
  }
}

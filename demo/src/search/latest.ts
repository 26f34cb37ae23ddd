// Keeps a fast typist from queueing searches: one runs, one waits, and those in between are never asked.

/** Runs the newest request only. */
export class Latest<Request, Answer> {
  readonly #answer: (request: Request) => Promise<Answer>;
  readonly #onAnswer: (answer: Answer, request: Request) => void;
  readonly #onFailure: (error: unknown) => void;
  #waiting: { request: Request } | undefined;
  #isRunning = false;

  constructor(
    answer: (request: Request) => Promise<Answer>,
    onAnswer: (answer: Answer, request: Request) => void,
    onFailure: (error: unknown) => void,
  ) {
    this.#answer = answer;
    this.#onAnswer = onAnswer;
    this.#onFailure = onFailure;
  }

  /** Asks as soon as the running one is answered, unless a newer one comes before. */
  ask(request: Request): void {
    this.#waiting = { request };
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting) {
      const { request } = this.#waiting;
      this.#waiting = undefined;
      try {
        const answer = await this.#answer(request);
        // An answer that somebody no longer waits for is not shown: the newer one is on its way.
        if (!this.#waiting) this.#onAnswer(answer, request);
      } catch (error) {
        this.#onFailure(error);
      }
    }
    this.#isRunning = false;
  }
}

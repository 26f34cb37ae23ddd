// What the kill tests ask of a running program, wherever it runs.

import type { FoundCollection, Probe } from "./program.ts";

/** A range of steps to carry out. */
export interface Steps {
  readonly seed: number;
  readonly from: number;
  /** The first step that is not carried out; without it the program writes until it is killed. */
  readonly until?: number;
}

/** A program in a browser or a process of its own, started on the path that the one before it left. */
export interface Subject {
  /** Opens the path; resolves with the milliseconds that took. Every call rejects with what the program throws. */
  open(): Promise<number>;
  readBack(): Promise<FoundCollection[]>;
  nearest(probes: readonly Probe[]): Promise<(string | undefined)[]>;
  /**
   * Writes; the program waits for `acknowledged` after each answered call.
   * Resolves at the end of the steps, or when the program is killed.
   */
  write(steps: Steps, acknowledged: (step: number) => void): Promise<void>;
  /** SIGKILL to everything that runs; resolves when it is gone. */
  kill(): Promise<void>;
  /** Closes the client, then the program. */
  close(): Promise<void>;
}

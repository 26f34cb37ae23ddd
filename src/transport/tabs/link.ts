// An engine as a tab can reach it: its own worker's, or that of the tab that leads.

import type { Failure } from "../../protocol/failure.ts";
import type { Operation, Reply } from "../../protocol/operation.ts";

/** An engine that answers, until it is dead. */
export interface Link {
  /** Resolves with the reason when it can answer no more. */
  readonly dead: Promise<Failure>;
  /** Copies what it sends. @throws {Failure} "worker-died": whether a write was done is not known. */
  call(operation: Operation): Promise<Reply>;
  /** Gives it up at once. Idempotent. */
  end(): void;
}

/** A worker of this tab, which waits in line for the path and then leads. */
export interface Candidate extends Link {
  /** Resolves when it leads, with `Opened`; with an error reply when the path could not be opened. */
  open(): Promise<Reply>;
  /** Brings another tab to it. */
  connect(wire: MessagePort | string): Promise<Reply>;
  /** Lets its calls end and releases the path, or leaves the line. */
  close(): Promise<void>;
  /** Looks whether the leader is asleep, and makes the browser let it go. */
  rouse(): Promise<Reply>;
}

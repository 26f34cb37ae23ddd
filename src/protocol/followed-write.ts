// Operations of ours about a write that is under way, named by the ticket that it was sent with. They wait
// for nobody: an engine answers them while the write runs.

import type { Operation } from "./operation.ts";

/** Asks how far the write of ticket `path.ticket` is. Data: `WriteProgress`. */
export const progressOperation = {
  method: "get",
  route: "/chromalite/writes/{ticket}",
} as const satisfies Operation;

/**
 * Gives the write of ticket `path.ticket` up. Where it is not durable yet it is answered "cancelled", and nothing
 * of it is kept; otherwise it goes to its end. Whichever it was, the write's own answer tells.
 */
export const cancelOperation = {
  method: "delete",
  route: "/chromalite/writes/{ticket}",
} as const satisfies Operation;

export interface WriteProgress {
  /** Records that the engine has taken in; of a write that it does not know, 0. */
  readonly done: number;
}

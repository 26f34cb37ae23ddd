// Run in a process of its own: takes and releases locks as it is told.

import { isFailure } from "../../src/protocol/failure.ts";
import type { PathLock } from "../../worker/storage/lock.ts";
import { getNodeBuiltins } from "../../worker/storage/node-builtins.ts";
import { lockInNode } from "../../worker/storage/node-lock.ts";

export type LockCall =
  /** @param at  when to begin, in milliseconds of the epoch: until then the process spins */
  { readonly take: string; readonly at?: number } | { readonly release: string };

/** `owned`: whether the process has the lock now. */
export type LockAnswer = { readonly owned: boolean } | { readonly error: string };

const node = getNodeBuiltins()!;
const locks = new Map<string, PathLock>();

async function run(call: LockCall): Promise<boolean> {
  if ("release" in call) {
    await locks.get(call.release)?.release();
    return false;
  }
  while (performance.timeOrigin + performance.now() < (call.at ?? 0));
  try {
    locks.set(call.take, await lockInNode(node, call.take));
    return true;
  } catch (error) {
    if (isFailure(error) && error.code === "path-locked") return false;
    throw error;
  }
}

const send = (answer: LockAnswer): boolean => process.send!(answer);

process.on("message", (call: LockCall) => {
  run(call).then(
    (owned) => send({ owned }),
    (error: unknown) => send({ error: String(error) }),
  );
});
process.once("disconnect", () => process.exit());

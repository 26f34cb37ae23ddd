// What a write was answered with, as frames and checkpoints hold it: a status and data, where an error's
// status is 400 or more. Many answers in a row are alike and empty: runs of those are written as one.

import type { Reply } from "../../src/protocol/operation.ts";

export type Answer = readonly [status: number, data: unknown];

/** Instead of an answer that takes too much room: the write was carried out, or refused. */
export const FORGOTTEN: Answer = [0, {}];

export function isForgotten([status]: Answer): boolean {
  return status === FORGOTTEN[0];
}

/** Writes in a row with one answer; without `data` it is `{}`, as it is for writes of records. */
export type Run = readonly [first: number, count: number, status: number, data?: unknown];

/** Of an error what its class and text need; not its details and causes. */
export function toAnswer(reply: Reply): Answer {
  if (reply.ok) return [reply.status, reply.data];
  const { status, name, message, code } = reply.error;
  return [status, { name, message, ...(code !== undefined && { code }) }];
}

export function toReply([status, data]: Answer): Reply {
  if (status < 400) return { ok: true, status, data };
  return { ok: false, error: { status, ...(data as { name: string; message: string }) } };
}

/** @param answers  by number */
export function toRuns(answers: readonly (readonly [number, Answer])[]): Run[] {
  const runs: Run[] = [];
  for (const [number, [status, data]] of [...answers].sort(([a], [b]) => a - b)) {
    const run = runs.at(-1);
    if (!isEmpty(data)) runs.push([number, 1, status, data]);
    else if (run?.length === 3 && run[0] + run[1] === number && run[2] === status) {
      runs[runs.length - 1] = [run[0], run[1] + 1, status];
    } else runs.push([number, 1, status]);
  }
  return runs;
}

export function* runsToAnswers(runs: readonly Run[]): Generator<[number: number, answer: Answer]> {
  for (const [first, count, status, data = {}] of runs) {
    for (let i = 0; i < count; i++) yield [first + i, [status, data]];
  }
}

export function isEmpty(data: unknown): boolean {
  return typeof data === "object" && data !== null && Object.keys(data).length === 0;
}

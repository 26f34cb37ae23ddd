// How long the tasks of a page compute. The page's own observer tells how long they took, which on a busy
// machine is mostly waiting for a processor; a trace of the browser tells the two apart.

import type { Browser } from "playwright";

/** As much of Chromium's trace format as is used here; times in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ph: string;
  /** Time of the thread's own, without waiting. */
  readonly tdur?: number;
  readonly args: { readonly name?: string; readonly data?: { readonly documentLoaderURL?: string } };
}

/**
 * The longest computing time, in milliseconds, of one task on the main thread of `origin`'s pages, while
 * `visit` lasts.
 */
export async function longestTaskMs(
  browser: Browser,
  origin: string,
  visit: () => Promise<void>,
): Promise<number> {
  // Of a page that is gone before the trace ends nothing is lost: the browser collects as it goes.
  await browser.startTracing(undefined, { categories: ["toplevel", "blink.user_timing"] });
  await visit();
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const events = trace.traceEvents;
  // Chromium's own windows have main threads, too.
  const ours = events.filter(({ args }) => args.data?.documentLoaderURL?.startsWith(origin));
  const processes = new Set(ours.map(({ pid }) => pid));
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
  const mains = new Set(
    events
      .filter(
        ({ name, args, pid }) =>
          name === "thread_name" && args.name === "CrRendererMain" && processes.has(pid),
      )
      .map(threadOf),
  );
  const tasks = events.filter(
    (event) => event.name.endsWith("RunTask") && event.ph === "X" && mains.has(threadOf(event)),
  );
  if (tasks.length === 0) throw new Error(`the trace has no task of ${origin}`);
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000;
}

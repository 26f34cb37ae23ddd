// How busy a page's workers were during each of its calls, in processor time, from Chromium's own trace. The clock of
// a shared machine also measures what others did; this is what the engine had a call wait for.

import type { CDPSession, Page } from "playwright";

/** The page marks a call by a `performance.measure` of this name. */
export const TRACED_CALL = "chromalite-call";

/** What is used of an event of the trace; times in microseconds, `tdur` of the thread's processor time. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly busy: number;
}

export interface Traced<Result> {
  readonly result: Result;
  /** For each call that was marked: milliseconds of processor time that the page's workers took between its start and its end. */
  readonly busy: number[];
}

/** Runs `work` and looks at what the page's workers did meanwhile. */
export async function traceWorkers<Result>(page: Page, work: () => Promise<Result>): Promise<Traced<Result>> {
  const session = await page.context().newCDPSession(page);
  try {
    const events = await startTrace(session);
    const result = await work();
    return { result, busy: busyOf(await events()) };
  } finally {
    await session.detach();
  }
}

async function startTrace(session: CDPSession): Promise<() => Promise<TraceEvent[]>> {
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => {
    for (const event of value) events.push(event as unknown as TraceEvent);
  });
  const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: {
      includedCategories: ["toplevel", "blink.user_timing", "__metadata"],
      excludedCategories: ["*"],
    },
  });
  return async () => {
    await session.send("Tracing.end");
    await complete;
    return events;
  };
}

function busyOf(events: readonly TraceEvent[]): number[] {
  const tasks = workerTasks(events);
  let first = 0;
  return markedCalls(events).map(({ start, end }) => {
    while (first < tasks.length && tasks[first]!.end <= start) first++;
    let busy = 0;
    for (let i = first; i < tasks.length && tasks[i]!.start < end; i++) {
      const task = tasks[i]!;
      const share = (Math.min(end, task.end) - Math.max(start, task.start)) / (task.end - task.start || 1);
      busy += Math.max(0, Math.min(1, share)) * task.busy;
    }
    return busy / 1000;
  });
}

/** In order of their ends. */
function workerTasks(events: readonly TraceEvent[]): Span[] {
  const workers = new Set(
    events
      .filter(({ name, args }) => name === "thread_name" && args?.name === "DedicatedWorker thread")
      .map(({ pid, tid }) => `${pid}:${tid}`),
  );
  return (
    events
      .filter(
        ({ ph, name, pid, tid }) => ph === "X" && name.endsWith("::RunTask") && workers.has(`${pid}:${tid}`),
      )
      // Now and then the trace gives a task more processor time than it lasted.
      .map(({ ts, dur = 0, tdur = 0 }) => ({ start: ts, end: ts + dur, busy: Math.min(dur, tdur) }))
      .toSorted((a, b) => a.end - b.end)
  );
}

/** One follows the other; each has an event at its start and one at its end. */
function markedCalls(events: readonly TraceEvent[]): Omit<Span, "busy">[] {
  const calls: Omit<Span, "busy">[] = [];
  let start = 0;
  const marks = events.filter(({ name }) => name === TRACED_CALL).toSorted((a, b) => a.ts - b.ts);
  for (const { ph, ts } of marks) {
    if (ph === "b") start = ts;
    else calls.push({ start, end: ts });
  }
  return calls;
}

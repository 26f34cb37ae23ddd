// Carries a program out on the server and on ours, step by step, and explains every difference by a
// row of the table. What is left is what the suite fails on.

import { compareOutcomes, type Finding, toleranceOf } from "./compare.ts";
import { concerns, type Difference, type Seen, type SeenRecord } from "./difference.ts";
import type { Outcome } from "./outcome.ts";
import type { Session } from "./session.ts";
import { givenOf, type Step } from "./step.ts";
import { type Target, withDatabase } from "./target.ts";

/** A finding with the row that explains it; undefined: nothing does. */
export interface Explained {
  readonly at: number;
  readonly step: Step;
  readonly target: string;
  readonly finding: Finding;
  readonly row: string | undefined;
}

export interface RunOptions {
  readonly server: Target;
  readonly ours: readonly Target[];
  readonly differences: readonly Difference[];
  /** Sees each step and the server's outcome. */
  readonly onStep?: (step: Step, server: Outcome) => void;
}

let databases = 0;

/**
 * Runs every step, up to one after which server and ours have different data, by a row or by a mistake.
 * @returns  every difference that was met
 */
export async function runProgram(steps: readonly Step[], options: RunOptions): Promise<Explained[]> {
  databases += 1;
  const database = `parity-${databases}`;
  const open = async (targets: readonly Target[], sessions: readonly Session[]): Promise<Explained[]> => {
    const [target, ...rest] = targets;
    if (target === undefined) return runSteps(steps, sessions, options);
    return withDatabase(target, database, (session) => open(rest, [...sessions, session]));
  };
  return open([options.server, ...options.ours], []);
}

async function runSteps(
  steps: readonly Step[],
  [server, ...ours]: readonly Session[],
  { ours: targets, differences, onStep }: RunOptions,
): Promise<Explained[]> {
  const explained: Explained[] = [];
  for (const [at, step] of steps.entries()) {
    const [expected, ...outcomes] = await Promise.all([server!, ...ours].map((session) => session.run(step)));
    onStep?.(step, expected!);
    let isSplit = false;
    for (const [index, outcome] of outcomes.entries()) {
      const session = ours[index]!;
      const space = "on" in step ? session.spaceOf(step.on) : undefined;
      const history = steps.slice(0, at);
      const context = {
        step,
        history,
        server: expected!,
        ours: outcome,
        space,
        records: recordsOf(session, step),
      };
      const nResults = Number(givenOf(step)["nResults"] ?? 10);
      const findings = compareOutcomes(expected!, outcome, { tolerance: toleranceOf(space), nResults });
      for (const finding of findings) {
        const target = targets[index]!;
        const row = await rowOf({ ...context, finding }, target, differences);
        explained.push({ at, step, target: target.name, finding, row });
        isSplit ||= row === undefined || (isChange(step) && isOfData(finding));
      }
    }
    if (isSplit) break;
  }
  return explained;
}

async function rowOf(
  seen: Seen,
  target: Target,
  differences: readonly Difference[],
): Promise<string | undefined> {
  for (const difference of differences) {
    const isOfTarget = !difference.isInProcessOnly || target.isInProcess;
    if (isOfTarget && concerns(difference.operation, seen.step) && (await difference.isKnown(seen))) {
      return difference.id;
    }
  }
  return undefined;
}

function isChange({ call }: Step): boolean {
  return /^(add|update|upsert|delete|deleteCollection|createCollection|getOrCreateCollection|modify|request)$/.test(
    call,
  );
}

/** Whether one side did what the other did not; two texts for one refusal are no such thing. */
function isOfData({ path }: Finding): boolean {
  return path.length === 0 || path.includes("deleted");
}

/** Asked for once, and only where a row's predicate needs it. */
function recordsOf(session: Session, step: Step): Seen["records"] {
  let records: Promise<ReadonlyMap<string, SeenRecord>> | undefined;
  return () => (records ??= readRecords(session, step));
}

async function readRecords(session: Session, step: Step): Promise<ReadonlyMap<string, SeenRecord>> {
  if (!("on" in step)) return new Map();
  const outcome = await session.run({ call: "get", on: step.on });
  if (outcome.kind !== "records") return new Map();
  return new Map(
    Array.from(outcome.columns.byId, ([id, { metadatas, documents }]) => [
      id,
      { metadata: metadatas ?? null, document: documents ?? null } as SeenRecord,
    ]),
  );
}

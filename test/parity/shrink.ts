// A failing program → a smaller one that fails too, as steps that can be read and written down.

import type { Program } from "./program.ts";
import { givenOf, type Step } from "./step.ts";

type Fails = (program: Program) => Promise<boolean>;

/**
 * Leaves out steps, first many at a time, then arguments, then records of a batch, as long as the program still fails.
 * Cost: one run for each thing that could be left out.
 */
export async function shrink(program: Program, fails: Fails): Promise<Program> {
  let smallest = program;
  const attempt = async (smaller: Program): Promise<boolean> => {
    if (!(await fails(smaller))) return false;
    smallest = smaller;
    return true;
  };
  const dropSteps = async (): Promise<void> => {
    for (const count of [8, 4, 2, 1]) {
      for (let at = smallest.length - count; at >= 0; at -= count)
        await attempt(smallest.toSpliced(at, count));
    }
  };
  await dropSteps();
  for (let at = 0; at < smallest.length; at += 1) {
    for (const name of Object.keys(givenOf(smallest[at]!))) {
      await attempt(smallest.with(at, withoutArgument(smallest[at]!, name)));
    }
    for (let record = recordsIn(smallest[at]!) - 1; record >= 0; record -= 1) {
      await attempt(smallest.with(at, withoutRecord(smallest[at]!, record)));
    }
  }
  await dropSteps();
  return smallest;
}

function recordsIn(step: Step): number {
  const { ids } = givenOf(step);
  return Array.isArray(ids) ? ids.length : 0;
}

function withoutArgument(step: Step, name: string): Step {
  const { [name]: _, ...rest } = givenOf(step);
  return { ...step, with: rest } as Step;
}

function withoutRecord(step: Step, record: number): Step {
  const count = recordsIn(step);
  const columns = Object.entries(givenOf(step)).map(([name, column]) => [
    name,
    Array.isArray(column) && column.length === count ? column.toSpliced(record, 1) : column,
  ]);
  return { ...step, with: Object.fromEntries(columns) } as Step;
}

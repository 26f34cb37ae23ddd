// What programs did, counted: a suite that finds no difference says little if it asked for nothing.

import { operatorsOf, whereDocumentOperators, whereOperators } from "./clauses.ts";
import { hasRecords, type Outcome } from "./outcome.ts";
import { programCalls } from "./program.ts";
import { givenOf, type Step } from "./step.ts";

const includes = ["documents", "metadatas", "embeddings", "uris", "distances"];

/** What two thousand programs do at least; fewer do the part. */
const COUNT_MIN = 200;
const PROGRAMS_OF_COUNT_MIN = 2000;
/** Part of the replies to get and query that are to have a record. */
const FOUND_MIN = 0.6;

export class Coverage {
  readonly #counts = new Map<string, number>(
    [
      ...programCalls.map((call) => `call ${call}`),
      ...whereOperators.map((operator) => `where ${operator}`),
      ...whereDocumentOperators.map((operator) => `whereDocument ${operator}`),
      ...includes.map((name) => `include ${name}`),
    ].map((what) => [what, 0]),
  );
  readonly #rows = new Map<string, number>();
  #reads = 0;
  #found = 0;

  countStep(step: Step, outcome: Outcome): void {
    const { where, whereDocument, include } = givenOf(step);
    this.#count(`call ${step.call}`);
    for (const operator of operatorsOf(where)) this.#count(`where ${operator}`);
    for (const operator of operatorsOf(whereDocument)) this.#count(`whereDocument ${operator}`);
    for (const name of Array.isArray(include) ? include : []) this.#count(`include ${name}`);
    if (step.call !== "get" && step.call !== "query") return;
    this.#reads += 1;
    if (hasRecords(outcome)) this.#found += 1;
  }

  /** @param row  of docs/COMPATIBILITY.md, by which a difference was explained */
  countRow(row: string): void {
    this.#rows.set(row, (this.#rows.get(row) ?? 0) + 1);
  }

  /** Part of the replies to get and query that had a record. */
  get found(): number {
    return this.#found / this.#reads;
  }

  /** What so many programs should have done more often. */
  shortfalls(programs: number): string[] {
    const least = (COUNT_MIN * programs) / PROGRAMS_OF_COUNT_MIN;
    const rare = [...this.#counts].filter(([, count]) => count < least);
    return [
      ...rare.map(([what, count]) => `${what}: ${count} times, expected ${Math.ceil(least)}`),
      ...(this.found < FOUND_MIN ? [`replies with a record: ${percent(this.found)}`] : []),
    ];
  }

  toString(): string {
    const list = (counts: ReadonlyMap<string, number>, prefix = ""): string =>
      [...counts]
        .filter(([what]) => what.startsWith(prefix))
        .map(([what, count]) => `${what.slice(prefix.length)} ${count}`)
        .join(", ");
    return [
      ...["call ", "where ", "whereDocument ", "include "].map(
        (kind) => `${kind}- ${list(this.#counts, kind)}`,
      ),
      `replies to get and query with a record - ${percent(this.found)} of ${this.#reads}`,
      `differences that have a row - ${list(this.#rows)}`,
    ].join("\n");
  }

  #count(what: string): void {
    const count = this.#counts.get(what);
    if (count !== undefined) this.#counts.set(what, count + 1);
  }
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}

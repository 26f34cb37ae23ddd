// Rules on single fields whose breaches Chroma's server (1.3.4) collects before it answers with one 400.

import { invalidArgument } from "../../src/protocol/request-error.ts";

/** What is wrong with a field, or undefined. */
export type Problem = string | undefined;

/** @throws {RequestError}  400 naming each field that has a problem, one a line */
export function assertValid(problems: Readonly<Record<string, Problem>>): void {
  const lines = Object.entries(problems).flatMap(([field, problem]) =>
    problem === undefined ? [] : [`${field}: ${problem}`],
  );
  if (lines.length > 0) throw invalidArgument(`Validation error: ${lines.join("\n")}`);
}

// How deep a filter may be. The official validators recurse without a limit and would end in a raw RangeError.

import { FILTER_NESTING_MAX } from "../protocol/limits.ts";
import { invalidArgument } from "../protocol/request-error.ts";
import { toClientError } from "../transport/error-codec.ts";

/**
 * What the engine would say, before the official client walks the clause. A clause that contains itself is too deep.
 * @param name  of the clause in the error: "where" or "where document"
 * @throws {ChromaClientError}  400 "Invalid where clause: …" when $and and $or are nested too deep
 */
export function assertNesting(name: string, clause: unknown): void {
  let clauses = [clause];
  for (let depth = 0; clauses.length > 0; depth += 1) {
    if (depth > FILTER_NESTING_MAX) {
      throw toClientError(
        invalidArgument(`Invalid ${name} clause: nested deeper than ${FILTER_NESTING_MAX}`),
      );
    }
    // One clause in several places is looked at once: else a clause that contains itself twice would never end.
    clauses = [...new Set(clauses.flatMap(partsOf))];
  }
}

function partsOf(clause: unknown): unknown[] {
  if (typeof clause !== "object" || clause === null) return [];
  const { $and, $or } = clause as { $and?: unknown; $or?: unknown };
  return [$and, $or].flatMap((parts) => (Array.isArray(parts) ? (parts as unknown[]) : []));
}

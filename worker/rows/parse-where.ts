// Where clauses of callers, untrusted, as filters. Rules and texts are those of Chroma's server 1.3.4,
// except where it fails JavaScript callers: a list may mix ints and floats ({$in: [1, 1.5]}).

import { FILTER_NESTING_MAX } from "../../src/protocol/limits.ts";
import { invalidArgument } from "../../src/protocol/request-error.ts";
import type { FilterScalar } from "./filter-scalar.ts";
import { isWellFormedText } from "../well-formed.ts";
import { combine, everything, type Filter, type RangeOperator } from "./filter.ts";
import { isIntegralFloat, numericNormalForm } from "./metadata-rows.ts";
import { compileRegex } from "./regex.ts";

const DOCUMENT_KEY = "#document";
const ID_KEY = "#id";

const invalidWhere = () => invalidArgument("Invalid where clause");
const invalidWhereDocument = () => invalidArgument("Invalid where document clause");

/**
 * The filter of a `where` clause; null and undefined match every record.
 * A clause with `$regex` or `$not_regex` needs `useRegex` to have been called (`usesRegex` tells).
 *
 * @throws {RequestError}  400 "Invalid where clause", or the syntax error of a regular expression
 */
export function parseWhere(where: unknown): Filter {
  return where === null || where === undefined ? everything : parseClause(where, 0);
}

/**
 * The filter of a `where_document` clause; null and undefined match every record.
 * @throws {RequestError}  400 "Invalid where document clause", or the syntax error of a regular expression
 */
export function parseWhereDocument(where: unknown): Filter {
  return where === null || where === undefined ? everything : parseDocumentClause(where, 0);
}

/** The filter of both clauses of a request. */
export function parseFilter(where: unknown, whereDocument: unknown): Filter {
  return combine(parseWhere(where), parseWhereDocument(whereDocument));
}

/** Whether a clause, valid or not, mentions regular expressions anywhere. */
export function usesRegex(clause: unknown, depth = 0): boolean {
  if (typeof clause !== "object" || clause === null || depth > 2 * FILTER_NESTING_MAX) return false;
  if (Array.isArray(clause)) return clause.some((element) => usesRegex(element, depth + 1));
  return Object.entries(clause).some(
    ([key, value]) => key === "$regex" || key === "$not_regex" || usesRegex(value, depth + 1),
  );
}

function parseClause(clause: unknown, depth: number): Filter {
  const [key, operand] = onlyEntry(clause) ?? fail(invalidWhere);
  if (key === "$and" || key === "$or") {
    return {
      kind: key === "$and" ? "and" : "or",
      filters: parseList(operand, depth, parseClause, invalidWhere),
    };
  }
  // No record has such a key: it is an operator misspelt, and beside $ne it would select every record.
  if (key.startsWith("$") || !isWellFormedText(key)) throw invalidWhere();
  const value = parseScalar(operand);
  if (value !== undefined) return parseComparison(key, "$eq", value);
  const [operator, argument] = onlyEntry(operand) ?? fail(invalidWhere);
  return parseComparison(key, operator, argument);
}

function parseDocumentClause(clause: unknown, depth: number): Filter {
  const [key, operand] = onlyEntry(clause) ?? fail(invalidWhereDocument);
  if (key === "$and" || key === "$or") {
    const filters = parseList(operand, depth, parseDocumentClause, invalidWhereDocument);
    return { kind: key === "$and" ? "and" : "or", filters };
  }
  return parseTextOperator(key, operand) ?? fail(invalidWhereDocument);
}

function parseList(
  list: unknown,
  depth: number,
  parse: (clause: unknown, depth: number) => Filter,
  invalid: () => Error,
): Filter[] {
  if (!Array.isArray(list) || depth >= FILTER_NESTING_MAX) throw invalid();
  // Not `map`, here and below: it would leave the holes of a sparse array in.
  return Array.from(list, (clause: unknown) => parse(clause, depth + 1));
}

function parseComparison(key: string, operator: string, operand: unknown): Filter {
  if (key === DOCUMENT_KEY) {
    const filter = parseTextOperator(operator, operand);
    if (filter !== undefined) return filter;
  }
  switch (operator) {
    case "$eq":
    case "$ne":
      return inFilter(key, [parseScalar(operand) ?? fail(invalidWhere)], operator === "$ne");
    case "$in":
    case "$nin":
      return inFilter(key, parseScalars(operand), operator === "$nin");
    case "$gt":
    case "$gte":
    case "$lt":
    case "$lte":
      return rangeFilter(key, operator, operand);
    case "$contains":
    case "$not_contains": {
      const value = parseScalar(operand) ?? fail(invalidWhere);
      return { kind: "contains", key, value, negated: operator === "$not_contains" };
    }
    default:
      throw invalidWhere();
  }
}

function inFilter(key: string, values: readonly FilterScalar[], negated: boolean): Filter {
  // Comparing whole documents needs an index that Chroma does not make.
  if (key === DOCUMENT_KEY && typeof values[0] === "string") {
    const reason = "because indexing is disabled";
    throw invalidArgument(`Cannot filter using metadata key '${key}' with type 'Str' ${reason}`);
  }
  if (key !== ID_KEY) return { kind: "in", key, values, negated };
  if (!values.every((value) => typeof value === "string")) throw invalidWhere();
  return { kind: "id", ids: values, negated };
}

function rangeFilter(key: string, operator: RangeOperator, operand: unknown): Filter {
  const bound = parseScalar(operand);
  if (typeof bound !== "number" && typeof bound !== "bigint") throw invalidWhere();
  return { kind: "range", key, operator, bound };
}

function parseTextOperator(operator: string, operand: unknown): Filter | undefined {
  if (typeof operand !== "string" || !isWellFormedText(operand)) return undefined;
  switch (operator) {
    case "$contains":
    case "$not_contains":
      return { kind: "text", needle: operand, negated: operator === "$not_contains" };
    case "$regex":
    case "$not_regex":
      return { kind: "regex", pattern: compileRegex(operand), negated: operator === "$not_regex" };
    default:
      return undefined;
  }
}

function parseScalars(list: unknown): FilterScalar[] {
  if (!Array.isArray(list) || list.length === 0) throw invalidWhere();
  const values = Array.from(list, (value: unknown) => parseScalar(value) ?? fail(invalidWhere));
  const kind = kindOf(values[0]!);
  if (!values.every((value) => kindOf(value) === kind)) throw invalidWhere();
  return values;
}

/** A value to compare with, or undefined for what is none. */
function parseScalar(value: unknown): FilterScalar | undefined {
  switch (typeof value) {
    case "string":
      return isWellFormedText(value) ? value : undefined;
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : undefined;
    case "bigint":
      return numericNormalForm(value);
    default:
      return isIntegralFloat(value) && Number.isFinite(value["#float"]) ? value["#float"] : undefined;
  }
}

function kindOf(value: FilterScalar): string {
  return typeof value === "bigint" ? "number" : typeof value;
}

/** Key and value of an object that has exactly one; undefined for anything else. */
function onlyEntry(value: unknown): [string, unknown] | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  return entries.length === 1 ? entries[0] : undefined;
}

function fail(error: () => Error): never {
  throw error();
}

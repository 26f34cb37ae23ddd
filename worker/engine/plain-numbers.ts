// Exact numbers of stored JSON (metadata of collections, settings of embedding functions) → plain ones.

import { isIntegralFloat } from "../../src/protocol/metadata.ts";

/** `data` with each bigint and `IntegralFloat` as a number; itself where there is none, which it mostly is. */
export function toPlainNumbers(data: unknown): unknown {
  if (typeof data === "bigint") return Number(data);
  if (typeof data !== "object" || data === null) return data;
  if (isIntegralFloat(data)) return data["#float"];
  if (!Object.values(data).some(holdsExact)) return data;
  if (Array.isArray(data)) return data.map(toPlainNumbers);
  // Unlike an assignment, this makes a field of `__proto__` too.
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, toPlainNumbers(value)]));
}

function holdsExact(data: unknown): boolean {
  if (typeof data === "bigint") return true;
  if (typeof data !== "object" || data === null) return false;
  return isIntegralFloat(data) || Object.values(data).some(holdsExact);
}

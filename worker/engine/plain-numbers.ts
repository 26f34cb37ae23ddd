// Exact numbers of stored JSON (metadata of collections, settings of embedding functions) → plain ones.

import { isIntegralFloat } from "../../src/protocol/metadata.ts";

/** `data` with each bigint and `IntegralFloat` as a number; itself where there is none. */
export function toPlainNumbers(data: unknown): unknown {
  if (typeof data === "bigint") return Number(data);
  if (Array.isArray(data)) {
    const items = data.map(toPlainNumbers);
    return items.every((item, index) => item === data[index]) ? data : items;
  }
  if (typeof data !== "object" || data === null) return data;
  if (isIntegralFloat(data)) return data["#float"];
  const fields = Object.entries(data);
  const plain = fields.map(([name, value]): [string, unknown] => [name, toPlainNumbers(value)]);
  const isPlain = plain.every(([, value], index) => value === fields[index]![1]);
  // Unlike an assignment, this makes a field of `__proto__` too.
  return isPlain ? data : Object.fromEntries(plain);
}

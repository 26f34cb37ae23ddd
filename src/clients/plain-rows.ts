// Vectors as JSON can carry them: a typed array would become an object of its indices.

import { f32ToDecimal } from "../transport/f32-decimal.ts";

/** Where a request holds rows of numbers. */
const fields = ["embeddings", "query_embeddings"] as const;

/** A request's body whose rows are lists of numbers; the body itself where they are that already. */
export function withPlainRows(body: unknown): unknown {
  if (typeof body !== "object" || body === null) return body;
  const replaced = fields.flatMap((field) => {
    const rows = (body as Partial<Record<typeof field, unknown>>)[field];
    if (!Array.isArray(rows) || !rows.some((row) => ArrayBuffer.isView(row))) return [];
    return [[field, rows.map(toPlain)]];
  });
  return replaced.length === 0 ? body : { ...body, ...Object.fromEntries(replaced) };
}

/** Of an f32 the shortest decimals that are it: a server reads f32, and 0.1 is shorter than 0.10000000149011612. */
function toPlain(row: unknown): unknown {
  if (row instanceof Float32Array) return Array.from(row, f32ToDecimal);
  return ArrayBuffer.isView(row) ? Array.from(row as Float64Array) : row;
}

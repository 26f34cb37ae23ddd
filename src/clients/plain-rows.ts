// Vectors as JSON can carry them: a Float32Array would become an object of its indices.

import { f32ToDecimal } from "../transport/f32-decimal.ts";

/** Where a request holds rows of numbers. */
const fields = ["embeddings", "query_embeddings"] as const;

/** A request's body whose rows are lists of numbers; the body itself where they are that already. */
export function withPlainRows(body: unknown): unknown {
  if (typeof body !== "object" || body === null) return body;
  const replaced = fields.flatMap((field) => {
    const rows = (body as Partial<Record<typeof field, unknown>>)[field];
    if (!Array.isArray(rows) || !rows.some((row) => row instanceof Float32Array)) return [];
    return [[field, rows.map(toPlain)]];
  });
  return replaced.length === 0 ? body : { ...body, ...Object.fromEntries(replaced) };
}

/** The shortest decimals that are the same f32: a server reads f32, and 0.1 is shorter than 0.10000000149011612. */
function toPlain(row: unknown): unknown {
  return row instanceof Float32Array ? Array.from(row, f32ToDecimal) : row;
}

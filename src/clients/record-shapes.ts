// Shapes of records that the official validators mean to refuse, and instead end in a raw TypeError or
// take for something else.

import { ChromaValueError } from "chromadb";

/** @throws {ChromaValueError}  a row of vectors is no list of numbers, or metadata is a text or a list */
export function assertRecordShapes(records: { embeddings?: unknown; metadatas?: unknown }): void {
  assertRows(records.embeddings);
  const { metadatas } = records;
  if (!Array.isArray(metadatas)) return;
  for (const metadata of metadatas as unknown[]) {
    if (typeof metadata !== "string" && !Array.isArray(metadata)) continue;
    const type = typeof metadata === "string" ? "string" : "array";
    throw new ChromaValueError(`Expected each metadata to be an object, but got ${type}`);
  }
}

/**
 * The texts are those of the official validator.
 * @throws {ChromaValueError}  a row is no list of numbers, or lies in memory that was handed on
 */
export function assertRows(embeddings: unknown): void {
  if (!Array.isArray(embeddings)) return;
  embeddings.forEach((row: unknown, i) => {
    if (Array.isArray(row)) return;
    if (!ArrayBuffer.isView(row) || row instanceof DataView) {
      throw new ChromaValueError("Expected each embedding to be an array of numbers");
    }
    if (row.byteLength === 0) {
      throw new ChromaValueError(
        `Expected each embedding to be a non-empty array of numbers, but got an empty array at index ${i}`,
      );
    }
  });
}

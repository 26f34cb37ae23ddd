// Rows of "Reading and filtering" about what comes back, and of which records.

import { type Difference, isRefusedByServerAlone, messageOf } from "../difference.ts";
import { givenOf, type Step } from "../step.ts";
import { added, created, got, scored } from "./steps.ts";

type Row = readonly number[];

/** Whether a vector's length squared is more than an f32 can be. */
function isTooLong(row: Row): boolean {
  return row.some((value) => Math.abs(value) > 1e18);
}

/** Whether a vector's length squared is less than an f32 can tell. */
function isTooShort(row: Row): boolean {
  return row.every((value) => Math.abs(value) < 1e-18) && row.some((value) => value !== 0);
}

/** Ids that a step gave such a vector. */
function idsWith(step: Step, name: string, isSuch: (row: Row) => boolean): string[] {
  const { ids, embeddings } = givenOf(step);
  if (!("on" in step) || step.on !== name || !Array.isArray(embeddings)) return [];
  return (ids as string[]).filter((_, row) => isSuch((embeddings as Row[])[row] ?? []));
}

const cosineNotes: Step = {
  call: "createCollection",
  as: "notes",
  with: { name: "notes", configuration: { hnsw: { space: "cosine" } } },
};

const twelve = Array.from({ length: 12 }, (_, index) => `id-${index}`);

export const reading: readonly Difference[] = [
  {
    id: "query-unknown-ids",
    operation: "query",
    isKnown: (seen) =>
      isRefusedByServerAlone(seen, "Error finding id") && givenOf(seen.step)["ids"] !== undefined,
    example: {
      steps: [
        created,
        scored,
        { call: "query", on: "notes", with: { queryEmbeddings: [[0, 0]], ids: ["one", "nope"] } },
      ],
    },
  },
  {
    id: "float32-queries",
    operation: "query",
    isInProcessOnly: true,
    isKnown: (seen) =>
      isRefusedByServerAlone(seen, /invalid type: map, expected a sequence|is not a function/) &&
      [givenOf(seen.step)["queryEmbeddings"]]
        .flat()
        .some((row) => row instanceof Float32Array || typeof row === "number"),
    example: {
      steps: [
        created,
        scored,
        { call: "query", on: "notes", with: { queryEmbeddings: [Float32Array.of(0, 0)] } },
      ],
    },
  },
  {
    id: "query-coercion",
    operation: "query",
    isInProcessOnly: true,
    isKnown: (seen) =>
      isRefusedByServerAlone(seen, /invalid type: (null|string)/) &&
      [givenOf(seen.step)["queryEmbeddings"]]
        .flat(2)
        .some((value) => typeof value === "string" || Math.abs(Number(value)) === Number.POSITIVE_INFINITY),
    example: {
      steps: [
        created,
        scored,
        { call: "query", on: "notes", with: { queryEmbeddings: [[Number.POSITIVE_INFINITY, 0]] } },
      ],
    },
  },
  {
    id: "uri-metadata",
    operation: "read",
    isKnown: ({ finding: { path, server, ours } }) =>
      path.at(-1) === "metadatas" && ours === null && JSON.stringify(server) === "{}",
    example: {
      steps: [created, added({ ids: ["a"], uris: ["file:a"] }), got()],
    },
  },
  {
    id: "cosine-vectors",
    operation: "read",
    isKnown: ({ finding: { path, server, ours }, space }) =>
      space === "cosine" &&
      path.at(-2) === "embeddings" &&
      typeof server === "number" &&
      Math.abs(server - Number(ours)) <= 1e-6 * Math.max(1, Math.abs(Number(ours))),
    example: {
      steps: [cosineNotes, added({ ids: ["a"], embeddings: [[0.1, 0.2]] }), got({ include: ["embeddings"] })],
    },
  },
  {
    id: "cosine-range",
    operation: "read",
    isKnown: ({ finding: { path, server }, space, step, history }) => {
      if (space !== "cosine" || !("on" in step)) return false;
      const asked = (givenOf(step)["queryEmbeddings"] ?? []) as readonly Row[];
      const given = (isSuch: (row: Row) => boolean): string[] =>
        history.flatMap((earlier) => idsWith(earlier, step.on, isSuch));
      const [long, short] = [given(isTooLong), given(isTooShort)];
      const isOf = (ids: readonly string[]): boolean => path.some((part) => ids.includes(String(part)));
      if (path.includes("embeddings")) return isOf(long) && server === null;
      if (path.includes("distances")) {
        return (
          isOf(short) ||
          asked.some(isTooShort) ||
          ((isOf(long) || asked.some(isTooLong)) && (server === 1 || server === null))
        );
      }
      // A wrong distance moves others in or out.
      const isAny = long.length + short.length > 0 || asked.some((row) => isTooLong(row) || isTooShort(row));
      return isAny && path.some((part) => ["ids", "tie"].includes(String(part)));
    },
    example: {
      steps: [
        cosineNotes,
        added({
          ids: ["long", "short"],
          embeddings: [
            [1e20, 1e20],
            [1e-30, 1e-30],
          ],
        }),
        got({ include: ["embeddings"] }),
        { call: "query", on: "notes", with: { queryEmbeddings: [[1, 1]] } },
      ],
    },
  },
  {
    id: "ties",
    operation: "query",
    isKnown: ({ finding: { path } }) => path.at(-1) === "tie",
    // Each time the server takes the first ones with small odds only.
    example: {
      steps: Array.from({ length: 6 }, (_, round): Step[] => [
        { call: "createCollection", as: `notes-${round}`, with: { name: `notes-${round}` } },
        {
          call: "add",
          on: `notes-${round}`,
          with: { ids: twelve, embeddings: twelve.map(() => [1, 1]) },
        },
        ...[3, 4, 5, 6].map((nResults): Step => ({
          call: "query",
          on: `notes-${round}`,
          with: { queryEmbeddings: [[0, 0]], nResults },
        })),
      ]).flat(),
    },
  },
  {
    id: "reserved-keys",
    operation: "write",
    isKnown: ({ finding, ours, step }) =>
      finding.path.length === 0 &&
      messageOf(ours).includes("keys that start with 'chroma:' are reserved") &&
      JSON.stringify(givenOf(step)["metadatas"]).includes('"chroma:'),
    example: { steps: [created, added({ ids: ["a"], metadatas: [{ "chroma:x": "hidden" }] })] },
  },
];

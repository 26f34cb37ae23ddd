// Rows of "Reading and filtering".

import type { Finding } from "../compare.ts";
import {
  type Difference,
  leavesOf,
  messageOf,
  type Seen,
  type SeenRecord,
  textClausesOf,
} from "../difference.ts";
import { givenOf, type Step } from "../step.ts";
import { added, created, got } from "./steps.ts";

const comparisons = new Set(["$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin"]);

function listOf(operand: unknown): unknown[] {
  return Array.isArray(operand) ? operand : [operand];
}

function isFraction(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && !Number.isInteger(value);
}

function isWide(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && (value >= 2 ** 63 || value < -(2 ** 63));
}

function isIdsFinding({ path }: Finding): boolean {
  return path.at(-1) === "ids" || path.at(-1) === "tie";
}

function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** Ids of records that one side found and the other did not. */
function idsOfOne({ server, ours }: Finding): string[] {
  const [serverIds, ourIds] = [stringsOf(server), stringsOf(ours)];
  return [
    ...serverIds.filter((id) => !ourIds.includes(id)),
    ...ourIds.filter((id) => !serverIds.includes(id)),
  ];
}

/**
 * Whether the ids that differ do so because of records like these. Where only a page of the records
 * found is told, one such record moves others in or out: then it is enough that there is one.
 */
async function differBy(seen: Seen, isAffected: (record: SeenRecord) => boolean): Promise<boolean> {
  if (!isIdsFinding(seen.finding)) return false;
  const records = await seen.records();
  const isPaged =
    seen.step.call === "query" ||
    givenOf(seen.step)["limit"] !== undefined ||
    givenOf(seen.step)["offset"] !== undefined;
  if (isPaged) return [...records.values()].some((record) => isAffected(record));
  return idsOfOne(seen.finding).every((id) => {
    const record = records.get(id);
    return record !== undefined && isAffected(record);
  });
}

/** Whether the server refused with a text that we had no reason to. */
function isRefusedByServerAlone({ finding, server, ours }: Seen, text: string | RegExp): boolean {
  return (
    finding.path.length === 0 &&
    ours.kind !== "error" &&
    (typeof text === "string" ? messageOf(server).includes(text) : text.test(messageOf(server)))
  );
}

/** Whether the square of a vector's length is more than an f32. */
function hasLongVector(rows: unknown): boolean {
  return Array.isArray(rows) && rows.some((row: number[]) => row.some((value) => Math.abs(value) > 1e18));
}

function idsOfLongVectors(step: Step, name: string): string[] {
  const { ids, embeddings } = givenOf(step);
  if (!("on" in step) || step.on !== name || !Array.isArray(embeddings)) return [];
  return stringsOf(ids).filter((_, row) => hasLongVector([embeddings[row]]));
}

const cosineNotes: Step = {
  call: "createCollection",
  as: "notes",
  with: { name: "notes", configuration: { hnsw: { space: "cosine" } } },
};

const deep = (levels: number): object =>
  levels === 0 ? { n: 1 } : { $and: [deep(levels - 1), { n: { $ne: 9 } }] };

const twelve = Array.from({ length: 12 }, (_, index) => `id-${index}`);
const scores: Step = added({ ids: ["one", "half"], metadatas: [{ n: 1 }, { n: 1.5 }] });

export const reading: readonly Difference[] = [
  {
    id: "number-filters",
    operation: "where",
    isKnown: (seen) => {
      const keys = leavesOf(givenOf(seen.step)["where"])
        .filter(({ operator, operand }) => comparisons.has(operator) && listOf(operand).some(isFraction))
        .map(({ key }) => key);
      return differBy(seen, ({ metadata }) => keys.some((key) => Number.isInteger(metadata?.[key])));
    },
    example: { steps: [created, scores, got({ where: { n: { $lt: 1.5 } } })] },
  },
  {
    id: "mixed-number-lists",
    operation: "where",
    isKnown: (seen) =>
      isRefusedByServerAlone(seen, "Invalid where clause") &&
      leavesOf(givenOf(seen.step)["where"]).some(
        ({ operand }) =>
          Array.isArray(operand) &&
          Number.isInteger(operand[0]) &&
          operand.some((value) => isFraction(value)),
      ),
    example: { steps: [created, scores, got({ where: { n: { $in: [1, 1.5] } } })] },
  },
  {
    id: "float-array-contains",
    operation: "where",
    isKnown: (seen) => {
      const asked = leavesOf(givenOf(seen.step)["where"]).filter(
        ({ operator, operand }) => operator.endsWith("contains") && Number.isInteger(operand),
      );
      return differBy(seen, ({ metadata }) =>
        asked.some(({ key, operand }) => {
          const list = listOf(metadata?.[key]);
          return list.some(isFraction) && list.includes(operand);
        }),
      );
    },
    example: {
      steps: [
        created,
        added({ ids: ["a"], metadatas: [{ v: [1, 2.5] }] }),
        got({ where: { v: { $contains: 1 } } }),
      ],
    },
  },
  {
    id: "wide-number-filters",
    operation: "where",
    isKnown: (seen) =>
      isRefusedByServerAlone(seen, "Invalid where clause") &&
      leavesOf(givenOf(seen.step)["where"]).some(({ operand }) => listOf(operand).some(isWide)),
    example: { steps: [created, scores, got({ where: { n: 2 ** 63 } })] },
  },
  {
    id: "id-filter",
    operation: "where",
    isKnown: ({ step, finding }) =>
      isIdsFinding(finding) && leavesOf(givenOf(step)["where"]).some(({ key }) => key === "#id"),
    example: { steps: [created, scores, got({ where: { "#id": "one" } })] },
  },
  {
    id: "filter-sizes",
    operation: "get",
    isKnown: (seen) =>
      isRefusedByServerAlone(seen, /too many SQL variables|Expression tree is too large/) &&
      JSON.stringify(seen.step).length > 10_000,
    example: {
      steps: [created, scores, got({ ids: Array.from({ length: 40_000 }, (_, i) => `id-${i}`) })],
    },
  },
  {
    id: "filter-depth",
    operation: "where",
    isInProcessOnly: true,
    isKnown: ({ finding, server, ours, step }) =>
      finding.path.join(".") === "error.message" &&
      messageOf(server).includes("recursion limit exceeded") &&
      messageOf(ours).includes("Invalid where clause") &&
      JSON.stringify(step).includes('[{"$and":'.repeat(60)),
    example: { steps: [created, scores, got({ where: deep(200) })] },
  },
  {
    id: "nul-in-documents",
    operation: "whereDocument",
    isKnown: (seen) => {
      const isAsked = JSON.stringify(textClausesOf(seen.step)).includes(String.raw`\u0000`);
      return differBy(seen, ({ document }) => document !== null && (isAsked || document.includes("\0")));
    },
    example: {
      steps: [
        created,
        added({ ids: ["a"], documents: ["a\0b"] }),
        got({ whereDocument: { $contains: "b" } }),
      ],
    },
  },
  {
    id: "regex-dialect",
    operation: "whereDocument",
    isKnown: ({ finding, server, ours, step }) => {
      const isRefused = messageOf(ours).includes("Regex syntax errror: ");
      if (!isRefused || !JSON.stringify(textClausesOf(step)).includes("regex")) return false;
      const isRefusedByBoth = messageOf(server).includes("Regex syntax errror: ");
      if (isRefusedByBoth) return finding.path.join(".") === "error.message";
      return /&&|--|~~|\(\?[a-z]*x|\{\d{4}/.test(JSON.stringify(textClausesOf(step)));
    },
    example: {
      steps: [
        created,
        added({ ids: ["a"], documents: ["text"] }),
        got({ whereDocument: { $regex: "[a-z&&[^y]]" } }),
      ],
    },
  },
  {
    id: "query-unknown-ids",
    operation: "query",
    isKnown: (seen) =>
      isRefusedByServerAlone(seen, "Error finding id") && givenOf(seen.step)["ids"] !== undefined,
    example: {
      steps: [
        created,
        scores,
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
        scores,
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
        scores,
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
    id: "cosine-overflow",
    operation: "read",
    isKnown: ({ finding: { path, server }, space, step, history }) => {
      if (space !== "cosine") return false;
      const isAsked = hasLongVector(givenOf(step)["queryEmbeddings"]);
      const longIds = history.flatMap((earlier) => ("on" in step ? idsOfLongVectors(earlier, step.on) : []));
      const isOfLong = path.some((part) => longIds.includes(String(part)));
      if (path.includes("embeddings")) return isOfLong && server === null;
      if (path.includes("distances")) return (isOfLong || isAsked) && server === 1;
      // A distance of 1 where there is another one moves others in or out.
      return (longIds.length > 0 || isAsked) && path.some((part) => ["ids", "tie"].includes(String(part)));
    },
    example: {
      steps: [
        cosineNotes,
        added({ ids: ["a"], embeddings: [[1e20, 1e20]] }),
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

// Rows of "Reading and filtering" about filters.

import type { Finding } from "../compare.ts";
import {
  type Difference,
  isRefusedByServerAlone,
  leavesOf,
  messageOf,
  type Seen,
  type SeenRecord,
  textClausesOf,
} from "../difference.ts";
import { givenOf } from "../step.ts";
import { added, created, got, scored } from "./steps.ts";

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

const deep = (levels: number): object =>
  levels === 0 ? { n: 1 } : { $and: [deep(levels - 1), { n: { $ne: 9 } }] };

export const filters: readonly Difference[] = [
  {
    id: "number-filters",
    operation: "where",
    isKnown: (seen) => {
      const keys = leavesOf(givenOf(seen.step)["where"])
        .filter(({ operator, operand }) => comparisons.has(operator) && listOf(operand).some(isFraction))
        .map(({ key }) => key);
      return differBy(seen, ({ metadata }) => keys.some((key) => Number.isInteger(metadata?.[key])));
    },
    example: { steps: [created, scored, got({ where: { n: { $lt: 1.5 } } })] },
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
    example: { steps: [created, scored, got({ where: { n: { $in: [1, 1.5] } } })] },
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
    example: { steps: [created, scored, got({ where: { n: 2 ** 63 } })] },
  },
  {
    id: "id-filter",
    operation: "where",
    isKnown: ({ step, finding }) =>
      isIdsFinding(finding) && leavesOf(givenOf(step)["where"]).some(({ key }) => key === "#id"),
    example: { steps: [created, scored, got({ where: { "#id": "one" } })] },
  },
  {
    id: "filter-sizes",
    operation: "get",
    isKnown: (seen) =>
      isRefusedByServerAlone(seen, /too many SQL variables|Expression tree is too large/) &&
      JSON.stringify(seen.step).length > 10_000,
    example: {
      steps: [created, scored, got({ ids: Array.from({ length: 40_000 }, (_, i) => `id-${i}`) })],
    },
  },
  {
    id: "filter-depth",
    operation: "where",
    isKnown: ({ server, step }) =>
      messageOf(server).includes("recursion limit exceeded") &&
      JSON.stringify(step).includes('[{"$and":'.repeat(60)),
    example: { steps: [created, scored, got({ where: deep(100) })] },
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
];

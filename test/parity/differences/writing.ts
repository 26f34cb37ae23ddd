// Rows of "Writing".

import { type Difference, messageOf } from "../difference.ts";
import { givenOf, type Step } from "../step.ts";
import { added, created, got } from "./steps.ts";

const halfOfAPair = "\uD83D";

function valueIn(patch: unknown, key: unknown): unknown {
  return typeof patch === "object" && patch !== null
    ? (patch as Record<string, unknown>)[String(key)]
    : undefined;
}

/** Ids whose vector was updated before they were there and before anything read the collection. */
function idsOfIgnoredUpdates(history: readonly Step[], name: string): string[] {
  const ids: string[] = [];
  let isRead = false;
  for (const step of history) {
    if ("as" in step && step.as === name && /[cC]reateCollection/.test(step.call)) isRead = false;
    if (!("on" in step) || step.on !== name) continue;
    if (["count", "get", "peek", "query"].includes(step.call)) isRead = true;
    const given = givenOf(step);
    if (step.call === "update" && !isRead && given["embeddings"] !== undefined)
      ids.push(...(given["ids"] as string[]));
  }
  return ids;
}

export const writing: readonly Difference[] = [
  {
    id: "refused-dimension",
    operation: "any",
    isKnown: ({ finding, history, server, ours }) => {
      const isSparseGiven = history.some((step) => JSON.stringify(step).includes('"sparse":{"indices"'));
      if (!isSparseGiven) return false;
      if (finding.path.at(-1) === "dimension")
        return typeof finding.server === "number" && finding.ours !== finding.server;
      const expecting = "Collection expecting embedding with dimension of";
      return messageOf(server).includes(expecting) && messageOf(ours) !== messageOf(server);
    },
    example: {
      steps: [
        created,
        added({ ids: ["a"], metadatas: [{ sparse: { indices: [1], values: [0.5] } }] }),
        { call: "query", on: "notes", with: { queryEmbeddings: [[1, 2, 3]] } },
      ],
    },
  },
  {
    // In process what an engine takes, over HTTP what fits the body limit.
    id: "batch-limit",
    operation: "getMaxBatchSize",
    isKnown: ({ finding: { server, ours } }) => server === 5461 && (ours === 100_000 || ours === 4194),
    example: { steps: [{ call: "getMaxBatchSize" }] },
  },
  {
    id: "dimension-limit",
    operation: "write",
    isKnown: ({ finding, ours, server }) =>
      finding.path.length === 0 &&
      server.kind !== "error" &&
      messageOf(ours).includes("Expected embeddings of at most 65536 dimensions, got "),
    example: {
      steps: [created, added({ ids: ["a"], embeddings: [Array.from({ length: 65_537 }, () => 1)] })],
    },
  },
  {
    id: "non-finite-embeddings",
    operation: "write",
    isInProcessOnly: true,
    isKnown: ({ finding, server, ours }) =>
      finding.path.join(".") === "error.message" &&
      /Non-finite float value at embedding index \d+: (NaN|-?inf)$/.test(messageOf(server)) &&
      messageOf(ours).endsWith("Embeddings must not contain NaN or Infinity values"),
    example: { steps: [created, added({ ids: ["a"], embeddings: [[Number.NaN, 1]] })] },
  },
  {
    id: "vector-elements",
    operation: "write",
    isInProcessOnly: true,
    isKnown: ({ finding, server, ours, step }) =>
      finding.path.length === 0 &&
      server.kind !== "error" &&
      messageOf(ours).endsWith(", expected f32") &&
      [givenOf(step)["embeddings"]]
        .flat(2)
        .some((value) => value === null || value === "" || typeof value === "boolean"),
    example: { steps: [created, added({ ids: ["a"], embeddings: [[null, 1]] })] },
  },
  {
    id: "non-finite-metadata",
    operation: "any",
    isInProcessOnly: true,
    isKnown: ({ finding, server, ours, step }) =>
      (step.call === "update" || step.call === "upsert" || step.call === "modify") &&
      finding.path.length === 0 &&
      server.kind !== "error" &&
      /data did not match any variant of untagged enum \w*MetadataValue$/.test(messageOf(ours)),
    example: {
      steps: [
        created,
        added({ ids: ["a"], metadatas: [{ n: 1 }] }),
        { call: "update", on: "notes", with: { ids: ["a"], metadatas: [{ n: Number.NaN }] } },
      ],
    },
  },
  {
    id: "null-deletes-key",
    operation: "read",
    isInProcessOnly: true,
    isKnown: ({ finding: { path, server, ours }, history }) =>
      path.at(-2) === "metadatas" &&
      server !== undefined &&
      ours === undefined &&
      history.some(
        (step) =>
          (step.call === "update" || step.call === "upsert") &&
          [givenOf(step)["metadatas"]].flat().some((patch) => valueIn(patch, path.at(-1)) === null),
      ),
    example: {
      steps: [
        created,
        added({ ids: ["a"], metadatas: [{ n: 1, kept: true }] }),
        { call: "update", on: "notes", with: { ids: ["a"], metadatas: [{ n: null }] } },
        got(),
      ],
    },
  },
  {
    id: "proto-key",
    operation: "read",
    isInProcessOnly: true,
    isKnown: ({ finding: { path, server } }) => path.at(-1) === "__proto__" && server === undefined,
    example: {
      steps: [created, added({ ids: ["a"], metadatas: [JSON.parse('{ "__proto__": 1, "n": 1 }')] }), got()],
    },
  },
  {
    id: "values-that-cannot-cross",
    operation: "write",
    isInProcessOnly: true,
    isKnown: ({ finding, server, ours }) =>
      finding.path.length === 0 &&
      server.kind !== "error" &&
      ours.kind === "error" &&
      ours.error.class === "ChromaValueError",
    example: { steps: [created, added({ ids: ["a"], metadatas: ["text"] })] },
  },
  {
    id: "refused-write-dimension",
    operation: "write",
    isKnown: ({ finding, server, ours }) =>
      finding.path.length === 0 &&
      messageOf(server).includes("Collection expecting embedding with dimension of") &&
      ours.kind !== "error",
    example: {
      steps: [
        created,
        added({ ids: [""], embeddings: [[1, 2, 3]] }),
        added({ ids: ["a"], embeddings: [[1, 2]] }),
      ],
    },
  },
  {
    id: "large-metadata-arrays",
    operation: "write",
    isKnown: ({ finding, server, ours, step }) =>
      finding.path.length === 0 &&
      ours.kind !== "error" &&
      messageOf(server) === "Error in compaction: Failed to apply logs to the metadata segment" &&
      [givenOf(step)["metadatas"]]
        .flat()
        .some((metadata) =>
          Object.values(metadata as object).some((value) => Array.isArray(value) && value.length > 1000),
        ),
    example: {
      steps: [
        created,
        added({ ids: ["a"], metadatas: [{ tags: Array.from({ length: 10_000 }, (_, i) => `tag-${i}`) }] }),
      ],
    },
  },
  {
    id: "ignored-updates",
    operation: "read",
    isKnown: ({ finding: { path }, history, step }) => {
      const ids = "on" in step ? idsOfIgnoredUpdates(history, step.on) : [];
      // One wrong distance moves others in or out of those that were asked for.
      const isWhole = path.some((part) => ["ids", "tie", "order"].includes(String(part)));
      const isOfVector = path.includes("distances") || path.includes("embeddings");
      return ids.length > 0 && (isWhole || (isOfVector && path.some((part) => ids.includes(String(part)))));
    },
    example: {
      steps: [
        created,
        { call: "update", on: "notes", with: { ids: ["a"], embeddings: [[9, 9]] } },
        added({ ids: ["a"] }),
        got({ include: ["embeddings"] }),
        added({ ids: ["b"] }),
        got({ include: ["embeddings"] }),
      ],
    },
  },
  {
    id: "inherited-arrays",
    operation: "read",
    isKnown: ({ finding: { path, server, ours } }) =>
      path.at(-1) === "metadatas" && ours === null && JSON.stringify(server) === '{"left":["behind"]}',
    example: {
      steps: [
        created,
        added({ ids: ["a"], metadatas: [{ left: ["behind"] }] }),
        // Not by the client's method, after which the sessions clean up.
        {
          call: "request",
          method: "delete",
          route: "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}",
          path: { collection_id: "notes" },
        },
        created,
        added({ ids: ["b"] }),
        got(),
      ],
    },
  },
  {
    id: "lone-surrogates",
    operation: "write",
    isInProcessOnly: true,
    isKnown: ({ finding, server, ours, step }) =>
      finding.path.join(".") === "error.message" &&
      messageOf(server).includes("Failed to parse the request body as JSON") &&
      messageOf(ours).includes("a string with a lone surrogate, expected well-formed Unicode") &&
      JSON.stringify(givenOf(step)).includes(String.raw`\ud83d`),
    example: { steps: [created, added({ ids: [halfOfAPair] })] },
  },
];

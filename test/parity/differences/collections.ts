// Rows of "Collections".

import { Cmek, Schema } from "chromadb";
import { type Difference, messageOf } from "../difference.ts";
import { givenOf } from "../step.ts";
import { added, created } from "./steps.ts";

const isLost = /^Failed to connect to chromadb\./;
const cmekSchema = new Schema().setCmek(Cmek.gcp("projects/p/locations/us-central1/keyRings/r/cryptoKeys/k"));

export const collections: readonly Difference[] = [
  {
    id: "graph-settings",
    operation: "any",
    isKnown: ({ finding, server, ours, step }) =>
      "on" in step && finding.path.length === 0 && isLost.test(messageOf(server)) && ours.kind !== "error",
    example: {
      endsServer: true,
      steps: [
        {
          call: "createCollection",
          as: "notes",
          with: { name: "notes", configuration: { hnsw: { max_neighbors: 0 } } },
        },
        added({ ids: ["a"] }),
        added({ ids: ["b"] }),
        { call: "query", on: "notes", with: { queryEmbeddings: [[0, 0]] } },
      ],
    },
  },
  {
    id: "num-threads",
    operation: "collection",
    isKnown: ({ finding: { path, ours } }) => path.at(-1) === "num_threads" && ours === 1,
    example: { steps: [created] },
  },
  {
    id: "rename-to-taken-name",
    operation: "modify",
    isKnown: ({ finding, server, ours }) =>
      finding.path[0] === "error" &&
      messageOf(server).includes("UNIQUE constraint failed: collections.name, collections.database_id") &&
      messageOf(ours) === "The resource already exists",
    example: {
      steps: [
        { call: "createCollection", as: "other", with: { name: "other" } },
        created,
        { call: "modify", on: "notes", with: { name: "other" } },
      ],
    },
  },
  {
    id: "collection-metadata-arrays",
    operation: "createCollection",
    isKnown: ({ finding, server, ours, step }) =>
      finding.path.length === 0 &&
      isLost.test(messageOf(server)) &&
      ours.kind !== "error" &&
      Object.values(givenOf(step)["metadata"] ?? {}).some((value) => Array.isArray(value)),
    example: {
      endsServer: true,
      steps: [{ call: "createCollection", as: "notes", with: { name: "notes", metadata: { tags: ["a"] } } }],
    },
  },
  {
    id: "cmek",
    operation: "createCollection",
    isKnown: ({ finding, server, ours, step }) =>
      finding.path.length === 0 &&
      givenOf(step)["schema"] === cmekSchema &&
      server.kind !== "error" &&
      messageOf(ours).includes("Customer-managed encryption keys are not supported"),
    example: {
      steps: [{ call: "createCollection", as: "notes", with: { name: "notes", schema: cmekSchema } }],
    },
  },
  {
    id: "indexing-status",
    operation: "getIndexingStatus",
    isKnown: ({ finding, server, ours }) =>
      finding.path.length === 0 && messageOf(server).includes("scout_logs") && ours.kind === "value",
    example: { steps: [created, { call: "getIndexingStatus", on: "notes" }] },
  },
  {
    id: "update-tenant",
    operation: "request",
    isKnown: ({ finding, server, ours, step }) =>
      step.call === "request" &&
      step.method === "patch" &&
      finding.path.length === 0 &&
      server.kind !== "error" &&
      ours.kind === "error" &&
      ours.error.name === "ChromaNotFoundError",
    example: {
      steps: [
        {
          call: "request",
          method: "patch",
          route: "/api/v2/tenants/{tenant_name}",
          path: { tenant_name: "missing-tenant" },
          body: { resource_name: "x" },
        },
      ],
    },
  },
];

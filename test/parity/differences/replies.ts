// Rows of "Clients and errors" that replies show.

import { type Difference, messageOf } from "../difference.ts";
import { givenOf, type Step } from "../step.ts";
import { added, created, got } from "./steps.ts";

const atPosition = / at line \d+ column \d+$/;
const badRequest = /^Bad request to \S+ with status: /;

const lines = (text: string): string =>
  text.replace(badRequest, "").replace("Validation error: ", "").split("\n").sort().join("\n");

const namelessAndEmpty: Step = {
  call: "createCollection",
  as: "notes",
  with: { name: "a", metadata: { "": 1 } },
};

export const replies: readonly Difference[] = [
  {
    id: "not-implemented",
    operation: "any",
    isKnown: ({ finding: { path }, server, ours }) =>
      path[0] === "error" &&
      path[1] !== "cause" &&
      server.kind === "error" &&
      server.error.class === "ChromaServerError" &&
      (messageOf(ours) === messageOf(server) ||
        messageOf(ours).endsWith(" is not implemented by Chromalite yet")),
    example: { steps: [created, { call: "fork", on: "notes", with: { name: "forked" } }] },
  },
  {
    id: "error-address",
    operation: "any",
    isInProcessOnly: true,
    isKnown: ({ finding: { path, server, ours } }) =>
      path.join(".") === "error.message" &&
      badRequest.test(String(server)) &&
      String(server).replace(badRequest, "Bad request to Chroma with status: ") === ours,
    example: { steps: [created, got({ whereDocument: { $contains: 7 } })] },
  },
  {
    id: "json-positions",
    operation: "any",
    isKnown: ({ finding: { path, server, ours } }) =>
      path.join(".") === "error.message" &&
      atPosition.test(String(server)) &&
      String(server).replace(atPosition, "") === ours,
    example: { steps: [created, got({ limit: -1 })] },
  },
  {
    id: "enum-numbers",
    operation: "collection",
    isKnown: ({ finding, server, ours, step }) =>
      finding.path.join(".") === "error.message" &&
      JSON.stringify(givenOf(step)).includes('"space":5') &&
      badRequest.test(messageOf(server)) &&
      !badRequest.test(messageOf(ours)),
    example: {
      steps: [
        {
          call: "createCollection",
          as: "notes",
          with: { name: "notes", configuration: { hnsw: { space: 5 } } },
        },
      ],
    },
  },
  {
    id: "field-order",
    operation: "collection",
    isKnown: ({ finding, server, ours }) =>
      finding.path.join(".") === "error.message" &&
      messageOf(server).includes("\n") &&
      lines(messageOf(server)) === lines(messageOf(ours)),
    // One of two orders at random: twenty times the same one is one in a million.
    example: { steps: Array.from({ length: 20 }, () => namelessAndEmpty) },
  },
  {
    id: "two-mistakes",
    operation: "any",
    isKnown: ({ finding, server, ours }) =>
      finding.path[0] === "error" &&
      server.kind === "error" &&
      server.error.name === "ChromaNotFoundError" &&
      ours.kind === "error" &&
      ours.error.name === "ChromaClientError",
    example: {
      steps: [
        created,
        { call: "deleteCollection", as: "", with: { name: "notes" } },
        added({ ids: ["a"], metadatas: [{ "#n": 1 }] }),
      ],
    },
  },
  {
    id: "lost-messages",
    operation: "any",
    isInProcessOnly: true,
    isKnown: ({ finding: { path, server, ours } }) =>
      path.join(".") === "error.cause" && server === null && typeof ours === "string",
    example: { steps: [{ call: "getCollection", as: "notes", with: { name: "missing" } }] },
  },
  {
    id: "heartbeat-resolution",
    operation: "heartbeat",
    isKnown: ({ finding: { path, server, ours } }) =>
      path.at(-1) === "isWholeMilliseconds" && server === false && ours === true,
    // A nanosecond that ends in six zeros is rare, three of them are not seen.
    example: { steps: [{ call: "heartbeat" }, { call: "heartbeat" }, { call: "heartbeat" }] },
  },
];

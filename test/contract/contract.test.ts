// Chroma's OpenAPI document, operation by operation: status and body of a success, and status, body and
// class of each failure.

import { expect, test } from "vitest";
import type { Reply } from "../../src/protocol/operation.ts";
import { decodeError } from "../../src/transport/error-codec.ts";
import { unpackData } from "../../src/transport/unpack.ts";
import { EngineClient } from "../engine/engine-client.ts";
import { type Case, casesOf } from "./cases.ts";
import { type ContractOperation, operations, schemas } from "./contract.ts";
import { problemsOf, type Schema } from "./schema.ts";

/**
 * Where the document does not say what the server does: it has one name, Vec, for lists of databases and
 * of collections, and tells a text for the health check.
 */
const corrected: Readonly<Record<string, Schema>> = {
  "get /api/v2/tenants/{tenant}/databases": {
    type: "array",
    items: { $ref: "#/components/schemas/Database" },
  },
  "get /api/v2/healthcheck": {
    type: "object",
    required: ["is_executor_ready", "is_log_client_ready"],
    additionalProperties: { type: "boolean" },
  },
};

/** Documented, and nothing leads there: there is no login, and a 500 or a 503 would be a bug. */
const unreachable = [401, 500, 503];

/** Documented for an operation, where the server itself answers otherwise: measured. */
const undocumented: Readonly<Record<string, readonly number[]>> = {
  "patch /api/v2/tenants/{tenant_name}": [409],
};

const cases = casesOf({ id: "" });

test("every operation of the contract has cases, and there are no others", () => {
  expect(operations).toHaveLength(35);
  expect(Object.keys(cases).sort()).toEqual(operations.map(({ name }) => name).sort());
});

test("what is not built yet are seven operations", () => {
  const notYet = Object.entries(cases).filter(([, list]) => list.some(({ status }) => status === 501));
  expect(notYet.map(([name]) => name.split("/").at(-1))).toEqual([
    "search",
    "fork",
    "fork_count",
    "attach",
    "{function_name}",
    "detach",
    "{crn}",
  ]);
});

test("each status that the document tells is shown, but those that nothing leads to", () => {
  for (const { name, statuses } of operations) {
    const shown = (cases[name] ?? []).map(({ status }) => status);
    if (shown.includes(501)) continue;
    const wanted = statuses.filter(
      (status) => !unreachable.includes(status) && !undocumented[name]?.includes(status),
    );
    expect(
      wanted.filter((status) => !shown.includes(status)),
      name,
    ).toEqual([]);
  }
});

for (const operation of operations) {
  for (const [index, { title }] of (cases[operation.name] ?? []).entries()) {
    test(`${operation.name} ${title} (${index})`, async () => {
      const { client, id } = await openPlace(cases[operation.name]?.[index]?.withoutReset !== true);
      const it = casesOf({ id })[operation.name]?.[index];
      if (it === undefined) throw new Error("cases differ from place to place");
      const reply = await call(client, operation, id, it);
      if (it.error === undefined) expectSuccess(operation, it, reply);
      else expectFailure(it, reply);
      await client.close();
    });
  }
}

async function openPlace(allowReset: boolean): Promise<{ client: EngineClient; id: string }> {
  const client = await EngineClient.open(undefined, { allowReset });
  const id = await client.createCollection("notes", { metadata: { about: "tests" } });
  await client.createCollection("second");
  await client.write("add", id, {
    ids: ["a", "b"],
    embeddings: [
      [1, 2],
      [3, 4],
    ],
    documents: ["first", null],
    metadatas: [{ n: 1, tags: ["x"], f: 1.5, yes: true }, null],
    uris: ["file:a", null],
  });
  return { client, id };
}

function call(
  client: EngineClient,
  { method, route }: ContractOperation,
  id: string,
  it: Case,
): Promise<Reply> {
  const path = {
    tenant: "default_tenant",
    tenant_name: "default_tenant",
    database: "default_database",
    collection_id: id,
    ...it.path,
  };
  const { query = {}, body } = it;
  return client.engine.call({ method, route, path, query, body });
}

function expectSuccess(operation: ContractOperation, it: Case, reply: Reply): void {
  if (!reply.ok) throw new Error(reply.error.message);
  expect(reply.status).toBe(it.status);
  expect(operation.statuses).toContain(reply.status);
  const schema = corrected[operation.name] ?? operation.schema(reply.status);
  if (schema === undefined) throw new Error(`no schema for ${operation.name}`);
  // What JSON would make of it: what a caller over HTTP is told.
  const body: unknown = JSON.parse(JSON.stringify(unpackData(reply.data)));
  expect(problemsOf(body, schema, schemas)).toEqual([]);
}

function expectFailure(it: Case, reply: Reply): void {
  if (reply.ok) throw new Error(`answered with ${reply.status}`);
  const { status, name, message } = reply.error;
  expect(status).toBe(it.status);
  expect(
    problemsOf({ error: name, message }, { $ref: "#/components/schemas/ErrorResponse" }, schemas),
  ).toEqual([]);
  expect(message).not.toBe("");
  expect(name).toBe(errorNames[status]);
  expect(decodeError(reply.error).name).toBe(it.error);
}

/** The names that the server gives in its error bodies. */
const errorNames: Readonly<Record<number, string>> = {
  400: "InvalidArgumentError",
  403: "ChromaError",
  404: "NotFoundError",
  409: "ChromaError",
  422: "ChromaError",
  501: "ChromaError",
};

// The check of bodies is a guard: it must find what is wrong.

import { expect, test } from "vitest";
import { schemas } from "./contract.ts";
import { problemsOf } from "./schema.ts";

const database = { id: "00000000-0000-0000-0000-000000000000", name: "notes", tenant: "default_tenant" };
const check = (value: unknown, name: string): string[] =>
  problemsOf(value, { $ref: `#/components/schemas/${name}` }, schemas);

test("what fits has no problems", () => {
  expect(check(database, "Database")).toEqual([]);
  expect(check({ ids: ["a"], include: ["uris"], uris: [null], embeddings: [[1.5]] }, "GetResponse")).toEqual(
    [],
  );
});

test("a missing field, a wrong type, a name that is none and a bad UUID are found, with the place", () => {
  expect(check({ ...database, name: undefined }, "Database")[0]).toContain("body.name: expected string");
  const { id, name } = database;
  expect(check({ id, name }, "Database")).toEqual(["body: tenant is missing"]);
  expect(check({ ...database, id: "1" }, "Database")).toEqual(["body.id: no uuid"]);
  expect(check({ ids: ["a", 1], include: ["vectors"] }, "GetResponse")).toHaveLength(2);
  expect(check({ max_batch_size: -1, supports_base64_encoding: true }, "ChecklistResponse")).toHaveLength(1);
  expect(check({ ids: [], include: [], metadatas: [{ a: { b: 1 } }] }, "GetResponse")).not.toEqual([]);
  expect(check({ space: "l2", colour: "red" }, "HnswConfiguration")).toEqual([
    "body.colour: not in the schema",
  ]);
  expect(check({}, "NoSuchSchema")).toHaveLength(1);
});

// CHROMA.md 3.7 and 3.19: texts captured from Chroma's server 1.3.4.

import { describe, expect, test } from "vitest";
import { tenantToJson } from "../../worker/catalog/collection-json.ts";
import { listCollections } from "../../worker/catalog/collections.ts";
import {
  listDatabases,
  mustGetDatabase,
  mustGetTenant,
  planCreateDatabase,
  planCreateTenant,
  planDeleteDatabase,
  planReset,
  planUpdateTenant,
} from "../../worker/catalog/tenancy.ts";
import { invalid, refusal } from "../requests/errors.ts";
import { scope, TestCatalog } from "./scope.ts";

const everything = { limit: null, offset: 0 };
const names = (records: readonly { name: string }[]) => records.map(({ name }) => name);

const createDatabase = (catalog: TestCatalog, name: string, tenant = "default_tenant") =>
  catalog.run(planCreateDatabase(catalog, tenant, { name }, catalog.newId));

test("a new catalog has the default tenant and database", () => {
  const catalog = new TestCatalog();
  expect(mustGetTenant(catalog, "default_tenant")).toEqual({ name: "default_tenant", resourceName: null });
  expect(mustGetDatabase(catalog, "default_tenant", "default_database").id).toBe(
    "00000000-0000-0000-0000-000000000000",
  );
});

describe("tenants", () => {
  test("have unique names", () => {
    const catalog = new TestCatalog();
    expect(catalog.run(planCreateTenant(catalog, { name: "one" }))).toEqual({});
    expect(refusal(() => planCreateTenant(catalog, { name: "one" }))).toEqual({
      status: 409,
      message: "Tenant [one] already exists",
    });
  });

  test("that are missing are not found, and not changed", () => {
    const catalog = new TestCatalog();
    const missing = { status: 404, message: "Tenant [nope] not found" };
    expect(refusal(() => mustGetTenant(catalog, "nope"))).toEqual(missing);
    expect(refusal(() => planUpdateTenant(catalog, "nope", { resourceName: "r" }))).toEqual(missing);
  });

  test("can be given a resource name", () => {
    const catalog = new TestCatalog();
    catalog.run(planUpdateTenant(catalog, "default_tenant", { resourceName: "r" }));
    expect(tenantToJson(mustGetTenant(catalog, "default_tenant"))).toEqual({
      name: "default_tenant",
      resource_name: "r",
    });
  });
});

describe("databases", () => {
  test("have unique names in a tenant", () => {
    const catalog = new TestCatalog();
    createDatabase(catalog, "one");
    expect(refusal(() => createDatabase(catalog, "one"))).toEqual({
      status: 409,
      message: "Database [one] already exists",
    });
    expect(refusal(() => createDatabase(catalog, "one", "other"))).toBe("accepted");
  });

  test("can be created in a tenant that does not exist", () => {
    const catalog = new TestCatalog();
    createDatabase(catalog, "ghost-db", "ghost");
    expect(names(listDatabases(catalog, "ghost", everything))).toEqual(["ghost-db"]);
    expect(refusal(() => mustGetTenant(catalog, "ghost"))).toMatchObject({ status: 404 });
  });

  test("are listed by name, in pages", () => {
    const catalog = new TestCatalog();
    for (const name of ["Zed", "abc", "a_b", "a-b", "Abd"]) createDatabase(catalog, name);
    const sorted = ["Abd", "Zed", "a-b", "a_b", "abc", "default_database"];
    expect(names(listDatabases(catalog, "default_tenant", everything))).toEqual(sorted);
    expect(names(listDatabases(catalog, "default_tenant", { limit: 2, offset: 1 }))).toEqual(["Zed", "a-b"]);
    expect(listDatabases(catalog, "default_tenant", { limit: 0, offset: 0 })).toEqual([]);
    expect(listDatabases(catalog, "nope", everything)).toEqual([]);
  });

  test("that are missing are told so by get and by delete", () => {
    const catalog = new TestCatalog();
    expect(refusal(() => mustGetDatabase(catalog, "default_tenant", "nope"))).toEqual({
      status: 404,
      message: "Database [nope] not found. Are you sure it exists?",
    });
    expect(refusal(() => mustGetDatabase(catalog, "default_tenant", "n"))).toEqual(
      invalid("database name must be at least 3 characters"),
    );
    expect(refusal(() => planDeleteDatabase(catalog, "default_tenant", "nope"))).toEqual({
      status: 404,
      message: "Database [nope] not found",
    });
  });

  test("take their collections with them, and come back empty", () => {
    const catalog = new TestCatalog();
    createDatabase(catalog, "one");
    const inside = { tenant: "default_tenant", database: "one" };
    const { id } = catalog.create({ name: "abc" }, inside);
    const { change } = planDeleteDatabase(catalog, "default_tenant", "one");
    expect(catalog.apply(change!)).toEqual([id]);
    expect(catalog.getCollection(id)).toBeUndefined();
    createDatabase(catalog, "one");
    expect(listCollections(catalog, inside, everything)).toEqual([]);
  });

  test("may all go, the default one too", () => {
    const catalog = new TestCatalog();
    catalog.run(planDeleteDatabase(catalog, "default_tenant", "default_database"));
    expect(listDatabases(catalog, "default_tenant", everything)).toEqual([]);
    createDatabase(catalog, "default_database");
    expect(names(listDatabases(catalog, "default_tenant", everything))).toEqual(["default_database"]);
  });
});

describe("reset", () => {
  test("is refused unless it was allowed", () => {
    expect(refusal(() => planReset(false))).toEqual({ status: 403, message: "Reset is disabled by config" });
  });

  test("leaves what a new catalog has", () => {
    const catalog = new TestCatalog();
    catalog.run(planCreateTenant(catalog, { name: "one" }));
    createDatabase(catalog, "ghost-db", "ghost");
    const { id } = catalog.create({ name: "abc" });
    const { change, reply } = planReset(true);
    expect(reply).toBe(true);
    expect(catalog.apply(change!)).toEqual([id]);
    expect(catalog.state()).toEqual(new TestCatalog().state());
    expect(listCollections(catalog, scope, everything)).toEqual([]);
  });
});

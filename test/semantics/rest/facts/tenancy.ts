// Tenants, databases, and what lists say of them.

import { expect } from "vitest";
import { said } from "../rest.ts";
import type { Rest } from "../rest.ts";
import type { RestFacts } from "../rest-facts.ts";

const DATABASES = "/api/v2/tenants/default_tenant/databases";

async function names(rest: Rest, path: string): Promise<string[]> {
  return (JSON.parse((await rest.get(path)).text) as { name: string }[]).map(({ name }) => name);
}

export function tenancyFacts({ fact, differs }: RestFacts): void {
  fact("tenants and databases are made once", async (rest) => {
    expect(said(await rest.post("/api/v2/tenants", { name: "second" }))).toBe("200 {}");
    expect(said(await rest.post("/api/v2/tenants", { name: "second" }))).toBe(
      "409 ChromaError: Tenant [second] already exists",
    );
    expect(JSON.parse((await rest.get("/api/v2/tenants/second")).text)).toEqual({
      name: "second",
      resource_name: null,
    });
    expect(said(await rest.post(DATABASES, { name: "second" }))).toBe("200 {}");
    expect(said(await rest.post(DATABASES, { name: "second" }))).toBe(
      "409 ChromaError: Database [second] already exists",
    );
    expect(JSON.parse((await rest.get(`${DATABASES}/second`)).text)).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      name: "second",
      tenant: "default_tenant",
    });
  });

  fact("the default database's id is zero", async (rest) => {
    expect(JSON.parse((await rest.get(`${DATABASES}/default_database`)).text)).toEqual({
      id: "00000000-0000-0000-0000-000000000000",
      name: "default_database",
      tenant: "default_tenant",
    });
  });

  fact("what is not there is a 404 in the server's words", async (rest) => {
    expect(said(await rest.get("/api/v2/tenants/nothing"))).toBe(
      "404 NotFoundError: Tenant [nothing] not found",
    );
    expect(said(await rest.get(`${DATABASES}/nothing`))).toBe(
      "404 NotFoundError: Database [nothing] not found. Are you sure it exists?",
    );
    expect(said(await rest.send("DELETE", `${DATABASES}/nothing`))).toBe(
      "404 NotFoundError: Database [nothing] not found",
    );
  });

  fact("a database may be made in a tenant that is not there", async (rest) => {
    const databases = "/api/v2/tenants/nobody/databases";
    expect(said(await rest.post(databases, { name: "first" }))).toBe("200 {}");
    expect(await names(rest, databases)).toEqual(["first"]);
  });

  fact("a database that is deleted takes its collections along", async (rest) => {
    await rest.post(DATABASES, { name: "second" });
    await rest.post(`${DATABASES}/second/collections`, { name: "notes" });
    expect(said(await rest.send("DELETE", `${DATABASES}/second`))).toBe("200 {}");
    await rest.post(DATABASES, { name: "second" });
    expect(await names(rest, `${DATABASES}/second/collections`)).toEqual([]);
  });

  fact("databases are listed by name, in pages", async (rest) => {
    for (const name of ["zebra", "apple", "mango"]) await rest.post(DATABASES, { name });
    expect(await names(rest, DATABASES)).toEqual(["apple", "default_database", "mango", "zebra"]);
    expect(await names(rest, `${DATABASES}?limit=2&offset=1`)).toEqual(["default_database", "mango"]);
  });

  fact("in a database that is not there lists are empty; making and getting are refused", async (rest) => {
    for (const database of [`${DATABASES}/nothing`, "/api/v2/tenants/nobody/databases/nothing"]) {
      expect(said(await rest.get(`${database}/collections`))).toBe("200 []");
      expect(said(await rest.get(`${database}/collections_count`))).toBe("200 0");
      expect(said(await rest.post(`${database}/collections`, { name: "notes" }))).toBe(
        "400 InvalidArgumentError: Database [nothing] does not exist",
      );
      expect(said(await rest.get(`${database}/collections/notes`))).toMatch(/^404 NotFoundError: /);
    }
  });

  fact("collections are listed by id, in pages", async (rest) => {
    const ids: string[] = [];
    for (const name of ["one", "two", "three", "four"]) ids.push((await rest.createCollection({ name })).id);
    const list = async (query: string): Promise<string[]> =>
      (JSON.parse((await rest.get(`collections${query}`)).text) as { id: string }[]).map(({ id }) => id);
    const sorted = ids.toSorted();
    expect(await list("")).toEqual(sorted);
    expect(await list("?limit=2&offset=1")).toEqual(sorted.slice(1, 3));
    expect(await list("?limit=0")).toEqual([]);
    expect(await list("?offset=9")).toEqual([]);
    for (const query of ["?limit=-1", "?offset=-1", "?limit=abc"]) {
      expect(said(await rest.get(`collections${query}`))).toMatch(/^400 InvalidArgumentError: /);
    }
    expect(said(await rest.get("collections_count"))).toBe("200 4");
  });

  fact("a reset leaves the defaults alone", async (rest) => {
    await rest.post("/api/v2/tenants", { name: "second" });
    await rest.post(DATABASES, { name: "second" });
    await rest.createCollection();
    expect(said(await rest.send("POST", "/api/v2/reset"))).toBe("200 true");
    expect(said(await rest.post("/api/v2/reset", "{"))).toBe("200 true");
    expect(said(await rest.get("/api/v2/tenants/second"))).toMatch(/^404 /);
    expect(await names(rest, DATABASES)).toEqual(["default_database"]);
    expect(said(await rest.get("collections"))).toBe("200 []");
  });

  fact("a name that was deleted is free for a collection of another id", async (rest) => {
    const old = await rest.createCollection();
    await rest.send("DELETE", "collections/notes");
    for (const operation of ["add", "get", "query", "delete"]) {
      const body = { ids: ["a"], embeddings: [[1]], query_embeddings: [[1]] };
      expect(await old.post(operation, body)).toBe(
        `404 NotFoundError: Collection [${old.id}] does not exist.`,
      );
    }
    expect((await rest.createCollection()).id).not.toBe(old.id);
  });

  differs(
    "update-tenant",
    "changes of a tenant that is not there, and of one that is",
    async (rest) => {
      const change = { resource_name: "resource" };
      const nothing = await rest.send("PATCH", "/api/v2/tenants/nothing", change);
      const changed = await rest.send("PATCH", "/api/v2/tenants/default_tenant", change);
      const { text } = await rest.get("/api/v2/tenants/default_tenant");
      return [nothing.status, changed.status, (JSON.parse(text) as Record<string, unknown>)["resource_name"]];
    },
    { server: [200, 200, null], chromalite: [404, 200, "resource"] },
  );
}

// Statuses, bodies and headers, whatever the operation.

import { expect } from "vitest";
import { said } from "../rest.ts";
import type { RestFacts } from "../rest-facts.ts";

const DATABASE = "/api/v2/tenants/default_tenant/databases/default_database";
const missing = "00000000-0000-4000-8000-000000000000";

export function protocolFacts({ fact, differs }: RestFacts): void {
  fact("heartbeat, version, identity and health are told as JSON", async (rest) => {
    for (const path of ["/api/v2", "/api/v2/heartbeat"]) {
      expect(said(await rest.get(path))).toMatch(/^200 \{"nanosecond heartbeat":\d{19}\}$/);
    }
    expect(said(await rest.get("/api/v2/version"))).toBe('200 "1.0.0"');
    expect(JSON.parse((await rest.get("/api/v2/auth/identity")).text)).toEqual({
      user_id: "",
      tenant: "default_tenant",
      databases: ["default_database"],
    });
    expect(JSON.parse((await rest.get("/api/v2/healthcheck")).text)).toEqual({
      is_executor_ready: true,
      is_log_client_ready: true,
    });
  });

  fact("a route that is none is a 404, a method that is none a 405, both without a body", async (rest) => {
    expect(said(await rest.get("/api/v2/nothing"))).toBe("404 ");
    expect(said(await rest.post(`collections/${missing}/nothing`))).toBe("404 ");
    expect(said(await rest.post(`collections/${missing}/conditional/get`))).toBe("404 ");
    expect(said(await rest.post(`collections/${missing}/conditional/commit`))).toBe("404 ");
    expect(said(await rest.send("DELETE", "/api/v2/version"))).toBe("405 ");
    expect(said(await rest.send("PATCH", `${DATABASE}/collections`, {}))).toBe("405 ");
  });

  fact("the first version of the API is gone", async (rest) => {
    expect(said(await rest.get("/api/v1/collections"))).toBe(
      "410 Unimplemented: The v1 API is deprecated. Please use /v2 apis",
    );
  });

  fact("a body is JSON, and says so", async (rest) => {
    expect(said(await rest.post("collections", "{"))).toMatch(
      /^400 InvalidArgumentError: Failed to parse the request body as JSON: /,
    );
    expect(said(await rest.post("collections", '{"name":"\\ud800"}'))).toBe(
      "400 InvalidArgumentError: Failed to parse the request body as JSON: name: unexpected end of hex escape",
    );
    const text = { "content-type": "text/plain" };
    expect(said(await rest.send("POST", "collections", '{"name":"notes"}', text))).toBe(
      "415 ChromaError: Expected request with `Content-Type: application/json`",
    );
  });

  fact("a body of the wrong shape is a 422", async (rest) => {
    const shape = "422 ChromaError: Failed to deserialize the JSON body into the target type: ";
    expect(said(await rest.post("collections", {}))).toBe(`${shape}missing field \`name\``);
    expect(said(await rest.post("collections", { name: 7 }))).toBe(
      `${shape}name: invalid type: integer \`7\`, expected a string`,
    );
    const notes = await rest.createCollection();
    expect(await notes.post("add", { ids: ["a"] })).toBe(`${shape}missing field \`embeddings\``);
    expect(await notes.post("add", { ids: ["a"], embeddings: null })).toMatch(/^422 ChromaError: /);
    expect(await notes.post("upsert", { ids: ["a"] })).toBe(`${shape}missing field \`embeddings\``);
    expect(await notes.post("add", { ids: [7], embeddings: [[1]] })).toBe(
      `${shape}ids[0]: invalid type: integer \`7\`, expected a string`,
    );
  });

  fact("fields that nobody knows are ignored", async (rest) => {
    const notes = await rest.createCollection({ colour: "red" });
    expect(await notes.post("add", { ids: ["a"], embeddings: [[1]], colour: "red" })).toBe("201 {}");
    expect(await notes.found({ colour: "red" })).toEqual(["a"]);
  });

  fact("a collection's id is a UUID, of one that is there", async (rest) => {
    for (const operation of ["add", "get", "query", "delete"]) {
      const body = { ids: ["a"], embeddings: [[1]], query_embeddings: [[1]] };
      expect(said(await rest.post(`collections/nonsense/${operation}`, body))).toMatch(
        /^400 InvalidArgumentError: Collection ID is not a valid UUIDv4/,
      );
      expect(said(await rest.post(`collections/${missing}/${operation}`, body))).toBe(
        `404 NotFoundError: Collection [${missing}] does not exist.`,
      );
    }
    expect(said(await rest.get(`collections/${missing}/count`))).toBe(
      `404 NotFoundError: Collection [${missing}] does not exist.`,
    );
    expect(said(await rest.get("collections/nothing"))).toBe(
      "404 NotFoundError: Collection [nothing] does not exist",
    );
    expect(said(await rest.get("collections/by-id/nonsense"))).toBe(
      "400 InvalidArgumentError: Validation error: collection_id: Invalid collection ID format, expected UUID",
    );
    expect(said(await rest.send("PUT", `collections/${missing}`, {}))).toMatch(/^404 NotFoundError: /);
    expect(said(await rest.send("PUT", "collections/nonsense", {}))).toMatch(
      /^400 InvalidArgumentError: Collection ID is not a valid UUIDv4/,
    );
  });

  fact("a collection is got and deleted by its name, not by its id", async (rest) => {
    const { id } = await rest.createCollection();
    expect(said(await rest.get(`collections/${id}`))).toBe(
      `404 NotFoundError: Collection [${id}] does not exist`,
    );
    expect(said(await rest.send("DELETE", `collections/${id}`))).toMatch(/^404 NotFoundError: /);
    expect(said(await rest.send("DELETE", "collections/notes"))).toBe("200 {}");
  });

  fact("record operations ask for the collection alone, not for the database of the path", async (rest) => {
    const notes = await rest.createCollection();
    await notes.post("add", { ids: ["a"], embeddings: [[1]] });
    for (const database of ["tenants/default_tenant/databases/other", "tenants/other/databases/other"]) {
      const reply = await rest.get(`/api/v2/${database}/collections/${notes.id}/count`);
      expect(said(reply)).toBe("200 1");
    }
  });

  fact("read levels are taken, and what is none is refused", async (rest) => {
    const notes = await rest.createCollection();
    for (const level of ["index_only", "index_and_wal", "index_and_bounded_wal"]) {
      expect(said(await rest.get(`collections/${notes.id}/count?read_level=${level}`))).toBe("200 0");
    }
    expect(said(await rest.get(`collections/${notes.id}/count?read_level=bogus`))).toMatch(
      /^400 InvalidArgumentError: /,
    );
  });

  fact("a page of an origin that is allowed may call", async (rest) => {
    const reply = await rest.send("OPTIONS", "/api/v2/version", undefined, {
      origin: "https://page.example",
      "access-control-request-method": "POST",
    });
    expect(reply.status).toBe(200);
    expect(reply.headers.get("access-control-allow-methods")).toBe("*");
    expect(reply.headers.get("access-control-allow-headers")).toBe("*");
  });

  fact("what the single-node server does not implement is a 501", async (rest) => {
    const { id } = await rest.createCollection();
    expect(said(await rest.post(`collections/${id}/search`, { searches: [] }))).toMatch(/^501 /);
    expect(said(await rest.post(`collections/${id}/fork`, { new_name: "copy" }))).toMatch(/^501 /);
    expect(said(await rest.get(`collections/${id}/fork_count`))).toMatch(/^501 /);
    const attached = { name: "f", function_id: "f", output_collection: "out", params: {} };
    expect(said(await rest.post(`collections/${id}/functions/attach`, attached))).toMatch(/^501 /);
    expect(said(await rest.post(`collections/${id}/attached_functions/f/detach`))).toMatch(/^501 /);
  });

  fact("a body of more than 40 MiB is refused", async (rest) => {
    expect(said(await rest.post("collections", { name: "x".repeat(45_000_000) }))).toBe(
      "413 ChromaError: Failed to buffer the request body: length limit exceeded",
    );
  });

  fact("a body of more than 127 levels is refused", async (rest) => {
    const notes = await rest.createCollection();
    let where: Record<string, unknown> = { v: 1 };
    for (let level = 0; level < 200; level++) where = { $and: [where] };
    expect(await notes.post("get", { where })).toMatch(
      /^400 InvalidArgumentError: Failed to parse the request body as JSON: .*recursion limit exceeded/,
    );
  });

  fact("limit and offset of a query's address are not looked at", async (rest) => {
    const notes = await rest.createCollection();
    await notes.post("add", { ids: ["a", "b"], embeddings: [[1], [2]] });
    expect(await notes.post("query?limit=1&offset=1", { query_embeddings: [[1]] })).toContain(
      '"ids":[["a","b"]]',
    );
  });

  differs(
    "indexing-status",
    "the state of the index",
    async (rest) => {
      const { id } = await rest.createCollection();
      return said(await rest.get(`collections/${id}/indexing_status`));
    },
    { server: /^500 InternalError: .*scout_logs is not implemented/, chromalite: /^200 \{/ },
  );

  differs(
    "two-mistakes",
    "a wrong body for a collection that is not there",
    async (rest) => said(await rest.post(`collections/${missing}/add`, { ids: [""], embeddings: [[1]] })),
    { server: /^404 NotFoundError: /, chromalite: /^400 InvalidArgumentError: Empty ID/ },
  );

  differs(
    "enum-numbers",
    "a number where the name of a column is expected",
    async (rest) => (await rest.createCollection()).post("get", { include: [1] }),
    { server: /^400 /, chromalite: /^422 ChromaError: / },
  );

  differs(
    "json-positions",
    "where a body has the wrong shape",
    async (rest) => (await rest.post("collections", { name: 7 })).text,
    { server: / at line 1 column 9"\}$/, chromalite: /, expected a string"\}$/ },
  );

  differs(
    "repeated-parameters",
    "a parameter of the address given twice",
    async (rest) => said(await rest.get("collections?limit=1&limit=2")),
    { server: /^400 /, chromalite: "200 []" },
  );

  differs(
    "address-bytes",
    "an address that is no UTF-8",
    async (rest) => said(await rest.get("collections/%ff")),
    { server: /^400 /, chromalite: /^404 / },
  );

  differs(
    "docs-page",
    "the page that shows the OpenAPI document",
    async (rest) => said(await rest.send("HEAD", "/docs/")),
    { server: "200 ", chromalite: "404 " },
  );

  differs(
    "not-implemented",
    "a body that is none of a search",
    async (rest) => said(await rest.post(`collections/${missing}/search`)),
    { server: /^422 /, chromalite: /^501 / },
  );

  differs(
    "heartbeat-resolution",
    "what ten heartbeats count",
    async (rest) => {
      const counts: string[] = [];
      for (let beat = 0; beat < 10; beat++) {
        const { text } = await rest.get("/api/v2/heartbeat");
        const beyond = Number(BigInt(/\d{19}/.exec(text)?.[0] ?? 0) % 1_000_000n);
        // A double holds a time of today to 256 ns.
        counts.push(Math.min(beyond, 1_000_000 - beyond) <= 256 ? "milliseconds" : "nanoseconds");
      }
      return counts;
    },
    {
      server: expect.arrayContaining(["nanoseconds"]) as string[],
      chromalite: new Array(10).fill("milliseconds"),
    },
  );
}

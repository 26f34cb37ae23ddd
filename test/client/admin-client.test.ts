// Tenants and databases of an engine here, and of a server.

import {
  AdminClient as OfficialAdminClient,
  ChromaClient,
  ChromaNotFoundError,
  ChromaUniqueError,
} from "chromadb";
import { afterEach, expect, test, vi } from "vitest";
import { AdminClient, EphemeralClient, HttpClient } from "../../src/index.ts";
import { serveEngine } from "../cloud/served-engine.ts";
import { inThreadWorker } from "../semantics/in-thread-worker.ts";

// The first requests load the wasm engine, on a machine that may run other tests.
vi.setConfig({ testTimeout: 30_000 });

afterEach(() => vi.unstubAllEnvs());

/** All that an admin client does, wherever it does it. */
async function expectTenancy(admin: OfficialAdminClient): Promise<void> {
  await admin.createTenant({ name: "acme" });
  expect(await admin.getTenant({ name: "acme" })).toBe("acme");
  await expect(admin.createTenant({ name: "acme" })).rejects.toThrow(ChromaUniqueError);
  await expect(admin.getTenant({ name: "none" })).rejects.toThrow(ChromaNotFoundError);
  for (const name of ["words", "letters"]) await admin.createDatabase({ name, tenant: "acme" });
  expect(await admin.getDatabase({ name: "words", tenant: "acme" })).toMatchObject({
    name: "words",
    tenant: "acme",
  });
  const names = async (page = {}): Promise<string[]> =>
    (await admin.listDatabases({ tenant: "acme", ...page })).map(({ name }) => name);
  expect(await names()).toEqual(["letters", "words"]);
  expect(await names({ limit: 1, offset: 1 })).toEqual(["words"]);
  await admin.deleteDatabase({ name: "letters", tenant: "acme" });
  expect(await names()).toEqual(["words"]);
  await expect(admin.getDatabase({ name: "letters", tenant: "acme" })).rejects.toThrow(ChromaNotFoundError);
}

test("over an embedded client, which then finds what was made, and stays open", async () => {
  await using client = new EphemeralClient({ worker: inThreadWorker });
  const admin = new AdminClient(client);
  expect(admin).toBeInstanceOf(OfficialAdminClient);
  await expectTenancy(admin);
  await admin.close();
  expect(await client.heartbeat()).toBeGreaterThan(0);
});

test("without anything, a server on this machine is meant", async () => {
  const urls: string[] = [];
  vi.stubGlobal("fetch", async (input: RequestInfo | URL) => {
    urls.push(input instanceof Request ? input.url : String(input));
    return Response.json({ name: "acme", resource_name: null });
  });
  expect(await new AdminClient().getTenant({ name: "acme" })).toBe("acme");
  vi.unstubAllGlobals();
  expect(urls).toEqual(["http://localhost:8000/api/v2/tenants/acme"]);
});

test("over HTTP: through a client, by a server's address, by settings and by the environment", async () => {
  const server = await serveEngine();
  await expectTenancy(new AdminClient(new HttpClient({ host: server.url })));
  const { port } = server;
  const admins = [
    new AdminClient(new ChromaClient({ host: "127.0.0.1", port })),
    new AdminClient({ host: "127.0.0.1", port, ssl: false }),
    new AdminClient({ host: server.url, headers: { "x-team": "search" } }),
    new AdminClient({ settings: { chromaServerHost: server.url } }),
    new AdminClient({ chromaServerHost: "127.0.0.1", chromaServerHttpPort: port }),
  ];
  for (const admin of admins) expect(await admin.getTenant({ name: "acme" })).toBe("acme");
  vi.stubEnv("CHROMA_SERVER_HOST", server.url);
  expect(await new AdminClient().getTenant({ name: "acme" })).toBe("acme");
  await server.close();
});

test("what it was given is the caller's to close, what it has made is its own", async () => {
  const given = new HttpClient();
  await new AdminClient(given).close();
  await expect(given.heartbeat()).rejects.not.toMatchObject({ code: "closed" });
  const admin = new AdminClient({ host: "localhost" });
  await admin.close();
  await expect(admin.getTenant({ name: "acme" })).rejects.toMatchObject({ code: "closed" });
});

// Who may call: tokens and pages of other origins.

import { expect, test } from "vitest";
import type { Operation } from "../../src/protocol/operation.ts";
import { databaseUrl, type Send, sender } from "./served.ts";

const transport = {
  call: async () => ({ ok: true, status: 200, data: "done" }) as const,
  close: async () => undefined,
};
const token = "secret-of-the-house";

test.each([
  ["x-chroma-token", token, 200],
  ["authorization", `Bearer ${token}`, 200],
  ["authorization", `bearer ${token}`, 200],
  ["x-chroma-token", "secret-of-the-mouse", 401],
  ["x-chroma-token", `${token}x`, 401],
  ["x-chroma-token", token.slice(0, -1), 401],
  ["x-chroma-token", "", 401],
  ["authorization", token, 401],
  ["authorization", `Basic ${token}`, 401],
  ["x-other", token, 401],
])("with a token set, %s: %s is answered with %i", async (name, value, status) => {
  const send = sender(transport, { token });
  const answer = await send("GET", `${databaseUrl}/collections`, undefined, { [name]: value });
  expect(answer.status).toBe(status);
  if (status === 401) expect(answer.json).toEqual({ error: "ChromaError", message: "Unauthorized" });
});

test("without the token, only whether somebody is there is told", async () => {
  const send = sender(transport, { token, openApiDocument: "{}" });
  for (const url of ["/api/v2", "/api/v2/heartbeat", "/api/v2/version"]) {
    expect(await send("GET", url)).toMatchObject({ status: 200 });
  }
  for (const url of ["/api/v2/auth/identity", "/api/v2/pre-flight-checks", "/openapi.json", "/nothing"]) {
    expect(await send("GET", url)).toMatchObject({ status: 401 });
  }
});

const corsHeaders = [
  "access-control-allow-origin",
  "access-control-allow-methods",
  "access-control-allow-headers",
];

test("pages of other origins may not call by default: no header, and no preflight", async () => {
  const send = sender(transport);
  const preflight = await send("OPTIONS", "/api/v2/version", undefined, { origin: "https://page.example" });
  const get = await send("GET", "/api/v2/version", undefined, { origin: "https://page.example" });
  expect([preflight.status, get.status]).toEqual([405, 200]);
  for (const name of [...corsHeaders, "vary"]) {
    expect(preflight.headers.get(name)).toBeNull();
    expect(get.headers.get(name)).toBeNull();
  }
});

test.each([
  [["https://page.example", "http://localhost:5173"], "http://localhost:5173", "http://localhost:5173"],
  [["https://page.example"], "https://other.example", null],
  [["*"], "https://other.example", "*"],
])("pages of %j: one of %s is told %s", async (corsOrigins, origin, allowed) => {
  const send = sender(transport, { corsOrigins, token });
  const preflight = await send("OPTIONS", `${databaseUrl}/collections`, undefined, { origin });
  expect(preflight.status).toBe(200);
  expect(corsHeaders.map((name) => preflight.headers.get(name))).toEqual([allowed, "*", "*"]);
  // Errors too, or a page could not read them.
  for (const url of ["/api/v2/version", "/nothing", `${databaseUrl}/collections`]) {
    const { headers } = await send("GET", url, undefined, { origin });
    expect(headers.get("access-control-allow-origin")).toBe(allowed);
    expect(headers.get("vary")).toContain("origin");
  }
});

test("a page from elsewhere that may not read an answer may not write either", async () => {
  const calls: string[] = [];
  const counting = {
    call: async ({ method }: Operation) => {
      calls.push(method);
      return { ok: true, status: 200, data: true } as const;
    },
    close: async () => undefined,
  };
  const origin = "https://page.example";
  const post = (send: Send, site: string) =>
    send("POST", "/api/v2/reset", undefined, { origin, "sec-fetch-site": site });
  for (const corsOrigins of [[], ["https://other.example"]]) {
    const send = sender(counting, { corsOrigins });
    for (const site of ["cross-site", "same-site"])
      expect(await post(send, site)).toMatchObject({ status: 403 });
    expect(calls.splice(0)).toEqual([]);
    for (const site of ["same-origin", "none"]) expect(await post(send, site)).toMatchObject({ status: 200 });
    const question = { origin, "sec-fetch-site": "cross-site" };
    expect(await send("GET", "/api/v2/version", undefined, question)).toMatchObject({ status: 200 });
    expect(calls.splice(0)).toEqual(["post", "post", "get"]);
  }
  const allowing = sender(counting, { corsOrigins: [origin] });
  expect(await post(allowing, "cross-site")).toMatchObject({ status: 200 });
});

test("where a browser tells no more of a page than its origin, that is held against the host", async () => {
  const host = "192.0.2.2:8000";
  const reset = async (origin: Record<string, string>, corsOrigins: readonly string[] = []) => {
    const send = sender(transport, { corsOrigins });
    const { status } = await send("POST", "/api/v2/reset", undefined, { host, ...origin });
    return status;
  };
  for (const origin of ["http://192.0.2.2:8001", "http://page.example", "null"]) {
    expect(await reset({ origin })).toBe(403);
    expect(await reset({ origin }, ["https://other.example"])).toBe(403);
    expect(await reset({ origin }, [origin])).toBe(200);
  }
  expect(await reset({ origin: `http://${host}` })).toBe(200);
  expect(await reset({})).toBe(200);
});

test("a token of any length is refused like any other", async () => {
  const send = sender(transport, { token });
  const headers = { "x-chroma-token": "x".repeat(100_000) };
  expect(await send("GET", `${databaseUrl}/collections`, undefined, headers)).toMatchObject({ status: 401 });
});

test.each([
  ["localhost:8000", 200],
  ["LOCALHOST", 200],
  ["chroma.localhost:8000", 200],
  ["127.0.0.1:8000", 200],
  ["127.9.9.9", 200],
  ["[::1]:8000", 200],
  ["page.example:8000", 403],
  ["localhost.page.example", 403],
  ["127.0.0.1.page.example:8000", 403],
  ["192.0.2.2:8000", 403],
])("a server of this machine alone, asked as %s, answers %i", async (host, status) => {
  const headers = { host, origin: `http://${host}`, "sec-fetch-site": "same-origin" };
  const send = sender(transport, { loopbackOnly: true });
  for (const method of ["GET", "POST"]) {
    expect(
      await send(method, `${databaseUrl}/collections`, method === "POST" ? "{}" : undefined, headers),
    ).toMatchObject({ status });
  }
  expect(await sender(transport)("GET", "/api/v2", undefined, headers)).toMatchObject({ status: 200 });
});

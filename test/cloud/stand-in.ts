// A stand-in for Chroma Cloud, which no test can reach: its keys, its identity and its refusals before
// an engine of ours. A key belongs to one tenant and to some of its databases.

import { serveEngine, type ServedEngine } from "./served-engine.ts";

interface Key {
  readonly tenant: string;
  /** `*` stands for all of the tenant. */
  readonly databases: readonly string[];
}

/** Keys by the token that is sent, each to be refused or led elsewhere. */
export const keys = {
  one: "ck-one",
  several: "ck-several",
  all: "ck-all",
  none: "ck-none",
  revoked: "ck-revoked",
  unknown: "ck-unknown",
} as const;

const keyByToken: Readonly<Record<string, Key>> = {
  [keys.one]: { tenant: "default_tenant", databases: ["default_database"] },
  [keys.several]: { tenant: "default_tenant", databases: ["default_database", "letters", "letters"] },
  [keys.all]: { tenant: "default_tenant", databases: ["*"] },
  [keys.none]: { tenant: "default_tenant", databases: [] },
};

/** Starts a cloud with the databases `default_database` and `letters` in one tenant. */
export async function startCloud(): Promise<ServedEngine> {
  const cloud = await serveEngine({ guard, corsOrigins: ["*"] });
  await fetch(`${cloud.url}/api/v2/tenants/default_tenant/databases`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-chroma-token": keys.all },
    body: JSON.stringify({ name: "letters" }),
  });
  return cloud;
}

function guard(request: Request): Response | undefined {
  if (request.method === "OPTIONS") return undefined;
  const token = request.headers.get("x-chroma-token");
  if (token === keys.revoked) return refusal(403, "Permission denied.");
  const key = token === null ? undefined : keyByToken[token];
  if (!key) return refusal(401, "Unauthorized");
  const { pathname } = new URL(request.url);
  if (pathname === "/api/v2/auth/identity") return reply(200, { user_id: "user", ...key });
  const [, tenant, database] = /^\/api\/v2\/tenants\/([^/]+)(?:\/databases\/([^/]+))?/.exec(pathname) ?? [];
  const mayEnter =
    (tenant === undefined || tenant === key.tenant) &&
    (database === undefined || key.databases.includes("*") || key.databases.includes(database));
  return mayEnter ? undefined : refusal(403, "Permission denied.");
}

function refusal(status: number, message: string): Response {
  return reply(status, { error: "AuthError", message });
}

function reply(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", "access-control-allow-origin": "*" },
  });
}

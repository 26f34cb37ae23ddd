// Which pages may call, in the headers and statuses of Chroma's server.

import type { MiddlewareHandler } from "hono";
import { emptyResponse } from "./errors.ts";

const vary = "origin, access-control-request-method, access-control-request-headers";

/** Lets pages of `origins` call; `*` lets all. Without origins nothing is let, and nothing is said. */
export function corsHeaders(origins: readonly string[]): MiddlewareHandler {
  return async ({ req, res }, next) => {
    if (origins.length === 0) return next();
    const origin = req.header("origin") ?? "";
    const allowed = origins.includes("*") ? "*" : origins.includes(origin) ? origin : undefined;
    const headers = { vary, ...(allowed !== undefined && { "access-control-allow-origin": allowed }) };
    if (req.method === "OPTIONS") {
      const all = { "access-control-allow-methods": "*", "access-control-allow-headers": "*" };
      return emptyResponse(200, { ...all, ...headers });
    }
    for (const [name, value] of Object.entries(headers)) res.headers.set(name, value);
    return next();
  };
}

// Which pages may call, in the headers and statuses of Chroma's server. Beyond them: a page that may not
// read an answer may still send a request, and one that declares no content type is not asked about first.
// Browsers say of a request whether its page is of another site, so that one that changes something is refused.

import type { HonoRequest, MiddlewareHandler } from "hono";
import { emptyResponse, errorToResponse } from "./errors.ts";

const vary = "origin, access-control-request-method, access-control-request-headers";

/** Lets pages of `origins` call; `*` lets all. Without origins nothing is let, and nothing is said. */
export function corsHeaders(origins: readonly string[]): MiddlewareHandler {
  return async ({ req, res }, next) => {
    if (origins.length === 0) return isForeignWrite(req) ? refusal() : next();
    const origin = req.header("origin") ?? "";
    const allowed = origins.includes("*") ? "*" : origins.includes(origin) ? origin : undefined;
    const headers = { vary, ...(allowed !== undefined && { "access-control-allow-origin": allowed }) };
    if (req.method === "OPTIONS") {
      const all = { "access-control-allow-methods": "*", "access-control-allow-headers": "*" };
      return emptyResponse(200, { ...all, ...headers });
    }
    for (const [name, value] of Object.entries(headers)) res.headers.set(name, value);
    return allowed === undefined && isForeignWrite(req) ? refusal() : next();
  };
}

/** Whether a browser sends it, for a page from elsewhere, and it is more than a question. */
function isForeignWrite(request: HonoRequest): boolean {
  const isFromElsewhere = ["cross-site", "same-site"].includes(request.header("sec-fetch-site") ?? "");
  return isFromElsewhere && !["GET", "HEAD", "OPTIONS"].includes(request.method);
}

function refusal(): Response {
  const message = "Pages of this origin may not call: it is not among the allowed origins";
  return errorToResponse({ status: 403, name: "ChromaError", message });
}

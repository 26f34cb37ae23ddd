// Which pages may call, in the headers and statuses of Chroma's server. Beyond them: a page that may not
// read an answer may still send a request, and one that declares no content type is not asked about first.
// Browsers say of a request where its page is from, so that one from elsewhere that changes something is refused.

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
  return !["GET", "HEAD", "OPTIONS"].includes(request.method) && isFromElsewhere(request);
}

function isFromElsewhere(request: HonoRequest): boolean {
  const site = request.header("sec-fetch-site");
  if (site !== undefined) return site === "cross-site" || site === "same-site";
  // Over plain HTTP browsers say it to this machine alone; the page's origin they say with every write.
  const origin = request.header("origin");
  return origin !== undefined && hostOf(origin) !== request.header("host");
}

/** Undefined for `null`, the origin of a page that tells none. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function refusal(): Response {
  const message = "Pages of this origin may not call: it is not among the allowed origins";
  return errorToResponse({ status: 403, name: "ChromaError", message });
}

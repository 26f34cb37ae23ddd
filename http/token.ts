// Whether a caller knows the token.

import type { MiddlewareHandler } from "hono";
import { errorToResponse } from "./errors.ts";

/** What a caller may ask without a token: whether somebody is there, and who. */
const openPaths = ["/api/v2", "/api/v2/heartbeat", "/api/v2/version"];

/** Answers 401 to a request that does not bring `token`. */
export function tokenGuard(token: string): MiddlewareHandler {
  const expected = digest(token);
  return async ({ req }, next) => {
    if (openPaths.includes(req.path)) return next();
    const bearer = /^Bearer (.*)$/i.exec(req.header("authorization") ?? "")?.[1];
    const given = req.header("x-chroma-token") ?? bearer;
    if (given !== undefined && isEqual(await digest(given), await expected)) return next();
    return errorToResponse({ status: 401, name: "ChromaError", message: "Unauthorized" });
  };
}

/** Of one length whatever the text, and nothing to guess from: neither is told by the time a comparison takes. */
async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

/** Looks at every byte, wherever they differ. */
function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  let difference = 0;
  for (let index = 0; index < a.length; index++) difference |= (a[index] as number) ^ (b[index] as number);
  return difference === 0;
}

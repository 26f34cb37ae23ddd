// Keeps a server of one machine to the names of that machine. A page can have its own name lead to 127.0.0.1
// (DNS rebinding): it is then of the same origin as the server, and no browser holds it back.

import type { MiddlewareHandler } from "hono";
import { errorToResponse } from "./errors.ts";

/** Whether a host's name or address is this machine and no other. */
export function isLoopback(host: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[?::1\]?)$/i.test(host);
}

/** Answers 403 to a request for another host; one that names none, as HTTP 1.0 may, is of no browser. */
export function loopbackGuard(): MiddlewareHandler {
  return async ({ req }, next) => {
    const host = req.header("host");
    if (host === undefined || isLoopback(host.replace(/:\d+$/, ""))) return next();
    const message = `This server is for localhost alone, not for ${host}: with a token it answers to any name`;
    return errorToResponse({ status: 403, name: "ChromaError", message });
  };
}

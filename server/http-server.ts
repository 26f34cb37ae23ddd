// An HTTP server of Node around an API: listens, and ends without cutting anyone off.

import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Api } from "../http/api.ts";

/** How long answers that are under way, and requests that are still coming in, may take when it closes. */
const CLOSE_GRACE_MS = 10_000;

export interface HttpServer {
  readonly port: number;
  /** Takes no new connection, lets open requests be answered, closes what is idle. Idempotent. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Listens for `api`.
 * @param port  0: any that is free
 * @throws {Error}  of Node, with its `code`: EADDRINUSE, EACCES, ENOTFOUND…
 */
export async function listen(api: Api, { host, port }: { host: string; port: number }): Promise<HttpServer> {
  // The globals of the process are not ours to replace.
  const listener = getRequestListener((request) => api.fetch(request), {
    overrideGlobalObjects: false,
    hostname: "localhost",
  });
  const open = new Set<ServerResponse>();
  // Checks of load balancers name no host.
  const server = createServer({ requireHostHeader: false }, (incoming, response) => {
    open.add(response);
    if (!server.listening) response.setHeader("connection", "close");
    response.once("close", () => {
      open.delete(response);
      if (!server.listening) server.closeIdleConnections();
    });
    void listener(incoming, response);
  });
  server.listen(port, host);
  // Rejects where an error comes first.
  await once(server, "listening");
  let closing: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    close: (graceMs = CLOSE_GRACE_MS) => (closing ??= close(server, open, graceMs)),
  };
}

async function close(server: Server, open: ReadonlySet<ServerResponse>, graceMs: number): Promise<void> {
  const closed = once(server, "close");
  server.close();
  for (const response of open) {
    // A client that keeps its connection would keep the server.
    if (!response.headersSent) response.setHeader("connection", "close");
  }
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(timer);
}

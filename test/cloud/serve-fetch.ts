// A function from Request to Response as an HTTP server of this machine.

import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";

export interface Server {
  /** `http://127.0.0.1:` and the port. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Serves on a free port of the loopback interface. */
export async function serveFetch(fetch: (request: Request) => Promise<Response>): Promise<Server> {
  const server = createAdaptorServer({ fetch });
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((settle, fail) => {
        server.close((error) => (error ? fail(error) : settle()));
        // Clients keep their connections open.
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}

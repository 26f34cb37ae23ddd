// Chroma's REST API over a transport: a Request in, a Response out. The same in Node and in a service
// worker: nothing here may name a platform, or be loaded while it runs.

import { HonoBase } from "hono/hono-base";
import { TrieRouter } from "hono/router/trie-router";
import { errorToReply } from "../src/protocol/error-reply.ts";
import type { Method, Operation, Reply, Transport } from "../src/protocol/operation.ts";
import { bodyBytesMaxDefault, readJsonBody } from "./body.ts";
import { corsHeaders } from "./cors.ts";
import { emptyResponse, errorToResponse } from "./errors.ts";
import { loopbackGuard } from "./loopback.ts";
import { methodsByRoute } from "./operations.ts";
import { replyToResponse } from "./reply.ts";
import { tokenGuard } from "./token.ts";

export interface ApiOptions {
  /** Who does not send it, as `x-chroma-token` or `Authorization: Bearer`, is answered 401. */
  readonly token?: string;
  /** Only requests for `localhost` or a loopback address are answered: for a server that nothing else guards. */
  readonly loopbackOnly?: boolean;
  /** Origins whose pages may call; `*` for all. None: no header, and a preflight is a 405, as on Chroma's server. */
  readonly corsOrigins?: readonly string[];
  /** Larger bodies are answered 413. 40 MiB when absent, as on Chroma's server. */
  readonly bodyBytesMax?: number;
  /** The text of the OpenAPI document that `/openapi.json` answers; 404 when absent. */
  readonly openApiDocument?: string;
}

/** Anything that answers HTTP requests. */
export interface Api {
  /** Never rejects: what goes wrong is a response. */
  fetch(request: Request): Promise<Response>;
}

/** The API of the engine behind `transport`, which stays the caller's to close. */
export function createApi(transport: Transport, options: ApiOptions = {}): Api {
  const { bodyBytesMax = bodyBytesMaxDefault, openApiDocument } = options;
  // The router that Hono chooses for these routes, without those that it would try before.
  const app = new HonoBase({ router: new TrieRouter() });
  if (options.loopbackOnly === true) app.use(loopbackGuard());
  app.use(corsHeaders(options.corsOrigins ?? []));
  if (options.token !== undefined) app.use(tokenGuard(options.token));
  if (openApiDocument !== undefined) {
    app.get("/openapi.json", (context) =>
      context.body(openApiDocument, 200, { "content-type": "application/json" }),
    );
  }
  for (const [route, methods] of Object.entries(methodsByRoute)) {
    const path = route.replaceAll(/\{(\w+)\}/g, ":$1");
    for (const method of methods) {
      app.on(method.toUpperCase(), path, async ({ req }) => {
        const operation = async (): Promise<Operation> => ({
          method,
          route,
          path: req.param() as Record<string, string>,
          query: req.query(),
          exact: true,
          ...(hasBody(method, route) && { body: await readJsonBody(req.raw, bodyBytesMax) }),
        });
        return replyToResponse(await answer(transport, operation), bodyBytesMax);
      });
    }
    const allow = [
      ...methods.map((method) => method.toUpperCase()),
      ...(methods.includes("get") ? ["HEAD"] : []),
    ];
    app.all(path, () => emptyResponse(405, { allow: allow.join(",") }));
  }
  // Chroma's server says so of every method but this one.
  app.post("/api/v1/:rest{.+}", () => emptyResponse(405, { allow: "GET,HEAD,PUT,PATCH,DELETE,OPTIONS" }));
  app.all("/api/v1/:rest{.+}", () => errorToResponse(versionGone));
  app.notFound(() => emptyResponse(404));
  app.onError((error) => errorToResponse(errorToReply(error).error));
  return { fetch: async (request) => app.fetch(request) };
}

/** Every operation of these methods has a body but one: what is sent to a reset is not read. */
function hasBody(method: Method, route: string): boolean {
  return route !== "/api/v2/reset" && (method === "post" || method === "put" || method === "patch");
}

async function answer(transport: Transport, operation: () => Promise<Operation>): Promise<Reply> {
  try {
    return await transport.call(await operation());
  } catch (error) {
    return errorToReply(error);
  }
}

const versionGone = {
  status: 410,
  name: "Unimplemented",
  message: "The v1 API is deprecated. Please use /v2 apis",
};

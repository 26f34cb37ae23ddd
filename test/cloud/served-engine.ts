// Our engine, in memory, behind Chroma's REST API: the other end of an HTTP client in tests. It keeps
// what it was asked, as a server's operator would see it.

import { createApi } from "../../http/api.ts";
import { newEngine } from "../semantics/in-thread-worker.ts";
import { serveFetch, type Server } from "./serve-fetch.ts";

export interface SeenRequest {
  readonly method: string;
  /** Path and query, with the prefix. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As text; "" where there is none. */
  readonly body: string;
}

export interface ServedEngine extends Server {
  readonly requests: readonly SeenRequest[];
}

/**
 * @param prefix  of every path, as behind a reverse proxy; a request without it is answered 404
 * @param guard   answers in the API's place, where it answers
 */
export async function serveEngine({
  prefix = "",
  guard = () => undefined,
  corsOrigins = [],
}: {
  prefix?: string;
  guard?: (request: Request) => Response | undefined;
  corsOrigins?: readonly string[];
} = {}): Promise<ServedEngine> {
  const engine = newEngine();
  await engine.open(null, { allowReset: true });
  const api = createApi(engine, { corsOrigins });
  const requests: SeenRequest[] = [];
  const server = await serveFetch(async (request) => {
    const { pathname, search } = new URL(request.url);
    requests.push({
      method: request.method,
      path: pathname + search,
      headers: Object.fromEntries(request.headers),
      body: await request.clone().text(),
    });
    if (!pathname.startsWith(`${prefix}/`)) return new Response(null, { status: 404 });
    const inside = new Request(new URL(pathname.slice(prefix.length) + search, request.url), request);
    return guard(inside) ?? api.fetch(inside);
  });
  const close = async (): Promise<void> => {
    await server.close();
    await engine.close();
  };
  return { ...server, requests, close };
}

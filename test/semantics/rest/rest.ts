// Chroma's REST API as a test calls it: what the official client cannot send, or does not show.
// Whoever answers is behind `fetch`: a server, or a router in this process.

const DATABASE = "/api/v2/tenants/default_tenant/databases/default_database";

/** A server, or what stands for one. */
export interface RestTarget {
  /** `http://localhost:8000`. */
  readonly url: string;
  fetch(request: Request): Promise<Response>;
}

/** A body of this kind is sent as it is; any other value as JSON. */
export type Body = string | Record<string, unknown> | unknown[] | null;

export interface RestReply {
  readonly status: number;
  /** The body as it came. */
  readonly text: string;
  readonly headers: Headers;
}

export class Rest {
  readonly #target: RestTarget;

  constructor(target: RestTarget) {
    this.#target = target;
  }

  /** @param path  from `/api` on, or from a database's own paths: `collections` */
  async send(
    method: string,
    path: string,
    body?: Body,
    headers: Record<string, string> = {},
  ): Promise<RestReply> {
    const url = `${this.#target.url}${path.startsWith("/") ? path : `${DATABASE}/${path}`}`;
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const request = new Request(url, {
      method,
      headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
      ...(body !== undefined && { body: text }),
    });
    const response = await this.#target.fetch(request);
    return { status: response.status, text: await response.text(), headers: response.headers };
  }

  get(path: string): Promise<RestReply> {
    return this.send("GET", path);
  }

  post(path: string, body: Body = {}): Promise<RestReply> {
    return this.send("POST", path, body);
  }

  /** A new collection, "notes" unless `body` names it. */
  async createCollection(body: Record<string, unknown> = {}): Promise<RestCollection> {
    const reply = await this.post("collections", { name: "notes", ...body });
    if (reply.status !== 200) throw new Error(said(reply));
    return new RestCollection(this, (JSON.parse(reply.text) as { id: string }).id);
  }
}

/** The record operations of one collection; each tells its reply, as `said` does. */
export class RestCollection {
  readonly rest: Rest;
  readonly id: string;

  constructor(rest: Rest, id: string) {
    this.rest = rest;
    this.id = id;
  }

  async post(operation: string, body: Body = {}): Promise<string> {
    return said(await this.rest.post(`collections/${this.id}/${operation}`, body));
  }

  async put(body: Body): Promise<string> {
    return said(await this.rest.send("PUT", `collections/${this.id}`, body));
  }

  /** The columns of `get`, everything included unless `body` says what. */
  async records(body: Record<string, unknown> = {}): Promise<Columns> {
    const include = ["documents", "metadatas", "uris", "embeddings"];
    const reply = await this.rest.post(`collections/${this.id}/get`, { include, ...body });
    if (reply.status !== 200) throw new Error(said(reply));
    return JSON.parse(reply.text) as Columns;
  }

  /** Ids that `get` finds. */
  async found(body: Record<string, unknown>): Promise<string[]> {
    return (await this.records({ include: [], ...body })).ids;
  }

  /** Collection as it is told. */
  async told(): Promise<Record<string, unknown>> {
    return JSON.parse((await this.rest.get(`collections/by-id/${this.id}`)).text) as Record<string, unknown>;
  }
}

export interface Columns {
  readonly ids: string[];
  readonly documents: (string | null)[] | null;
  readonly metadatas: (Record<string, unknown> | null)[] | null;
  readonly uris: (string | null)[] | null;
  readonly embeddings: number[][] | null;
  readonly include: string[];
}

/**
 * A reply as one line: `200 {…}`, or `400 InvalidArgumentError: …` for an error. Where in the text of a
 * request the server found a mistake is left out.
 */
export function said({ status, text }: RestReply): string {
  const { error, message } = parseError(text);
  return error === undefined
    ? `${status} ${text}`
    : `${status} ${error}: ${message?.replace(/ at line \d+ column \d+$/, "")}`;
}

function parseError(text: string): { error?: string; message?: string } {
  return text.startsWith('{"error"') ? (JSON.parse(text) as { error: string; message: string }) : {};
}

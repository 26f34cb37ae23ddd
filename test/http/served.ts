// Chroma's API over an engine in this thread, and requests to it as anyone's HTTP client writes them.

import { type ApiOptions, createApi } from "../../http/api.ts";
import type { Transport } from "../../src/protocol/operation.ts";
import { EngineClient } from "../engine/engine-client.ts";

export const databaseUrl = "/api/v2/tenants/default_tenant/databases/default_database";
const origin = "http://localhost:8000";

/** What was answered; `json` is undefined for a body that is none. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

export type Send = (
  method: string,
  url: string,
  body?: BodyInit,
  headers?: Record<string, string>,
) => Promise<Answer>;

export interface Served {
  readonly send: Send;
  /** Makes a collection; its URL. */
  readonly createCollection: (body?: object) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** A database in memory behind the API. */
export async function serve(options: ApiOptions & { allowReset?: boolean } = {}): Promise<Served> {
  const { engine } = await EngineClient.open(undefined, { allowReset: options.allowReset ?? false });
  const send = sender(engine, options);
  return {
    send,
    async createCollection(body = {}) {
      const { json } = await send(
        "POST",
        `${databaseUrl}/collections`,
        JSON.stringify({ name: "notes", ...body }),
      );
      return `${databaseUrl}/collections/${(json as { id: string }).id}`;
    },
    close: () => engine.close(),
  };
}

/** Requests to the API in front of `transport`; a body is declared as JSON unless `headers` say otherwise. */
export function sender(transport: Transport, options: ApiOptions = {}): Send {
  const api = createApi(transport, options);
  return async (method, url, body, headers = {}) => {
    const response = await api.fetch(
      new Request(`${origin}${url}`, {
        method,
        headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
        ...(body !== undefined && { body }),
        // A stream as a body asks for this.
        ...(body instanceof ReadableStream && { duplex: "half" }),
      }),
    );
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parse(text) };
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

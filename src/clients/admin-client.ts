// Tenants and databases, wherever they are: of an engine here, of a server, of Chroma Cloud.

import { AdminClient as OfficialAdminClient, type ChromaClient } from "chromadb";
import { hasOnly, optionsOf } from "./arguments.ts";
import { Client } from "./client.ts";
import { HttpClient, type HttpClientOptions } from "./http-client.ts";
import { apiClientOf, isClient, replaceApiClient } from "./official.ts";
import type { Settings } from "./settings.ts";

export type AdminClientOptions = Omit<HttpClientOptions, "tenant" | "database">;

const optionNames: readonly string[] = [
  "host",
  "port",
  "ssl",
  "headers",
  "settings",
  "fetchOptions",
] satisfies (keyof AdminClientOptions)[];

/** Chroma's AdminClient. Constructing starts and sends nothing. */
export class AdminClient extends OfficialAdminClient implements AsyncDisposable {
  readonly #own: { close(): Promise<void> } | undefined;

  /** Over the engine, server or cloud that `client` reaches; it stays the caller's to close. */
  constructor(client: ChromaClient);
  /** Over the server that an `HttpClient` with these options would reach; with settings alone, over what `Client()` would. */
  constructor(options?: AdminClientOptions);
  /** Python's positional form. */
  constructor(settings: Settings);
  constructor(first: ChromaClient | AdminClientOptions | Settings = {}) {
    super();
    const client = isClient(first) ? first : clientOf(first);
    this.#own = client === first ? undefined : (client as HttpClient);
    replaceApiClient(this, apiClientOf(client));
  }

  /** Releases what this client has started; a client that it was given is left alone. Idempotent. */
  async close(): Promise<void> {
    await this.#own?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function clientOf(given: AdminClientOptions | Settings): ReturnType<typeof Client> {
  const options = optionsOf<AdminClientOptions>([given], ["settings"], hasOnly(optionNames));
  const names = Object.keys(options);
  return names.length === 1 && names[0] === "settings" ? Client(options) : new HttpClient(options);
}

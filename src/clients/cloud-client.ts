// A client of Chroma Cloud: a server like any other, with a key, which says whose tenant and database.

import { ChromaValueError } from "chromadb";
import { optionsOf, scopeOf, type Scope } from "./arguments.ts";
import { mustBeToken } from "./auth-headers.ts";
import { readEnvironment } from "./environment.ts";
import { HttpClient, type HttpClientOptions } from "./http-client.ts";
import { readSettings, type Settings } from "./settings.ts";

export interface CloudClientOptions extends Scope, Pick<HttpClientOptions, "fetchOptions"> {
  /** Default: the environment's `CHROMA_API_KEY`. Whoever can open a page can read a key in it. */
  apiKey?: string | undefined;
  settings?: Settings | undefined;
  /** Default `api.trychroma.com`; a whole URL works as in `HttpClient`. */
  host?: string | undefined;
  /** Default 443. */
  port?: number | string | undefined;
  /** Python's name of `host`. */
  cloudHost?: string | undefined;
  /** Python's name of `port`. */
  cloudPort?: number | string | undefined;
  /** Default true. */
  enableSsl?: boolean | undefined;
}

const positions = ["tenant", "database", "apiKey", "settings"] as const;

/**
 * Chroma's CloudClient. Tenant and database come from the arguments, else from the environment's
 * `CHROMA_TENANT` and `CHROMA_DATABASE`, else from the key itself, at the first call that needs them.
 */
export class CloudClient extends HttpClient {
  /** @throws {ChromaValueError}  no key, or one that no header can carry */
  constructor(options?: CloudClientOptions);
  /** Python's positional form. */
  constructor(tenant?: string, database?: string, apiKey?: string, settings?: Settings);
  constructor(...given: unknown[]) {
    const options = optionsOf<CloudClientOptions>(given, positions);
    const environment = readEnvironment();
    const key = mustHaveKey(options.apiKey || environment("CHROMA_API_KEY"));
    super(connectionOf(options, key));
    const { tenant, database } = scopeOf({
      tenant: options.tenant || environment("CHROMA_TENANT"),
      database: options.database || environment("CHROMA_DATABASE"),
    });
    // Without them the official constructor has taken its defaults; undefined asks the key.
    this.tenant = tenant;
    this.database = database;
  }

  /**
   * Tenant and database of a request. The official method forgets the database that was given when the
   * tenant is not.
   * @ignore
   */
  override async _path(): Promise<{ tenant: string; database: string }> {
    if (this.database && !this.tenant) this.tenant = (await this.getUserIdentity()).tenant;
    return super._path();
  }
}

function connectionOf(options: CloudClientOptions, key: string): HttpClientOptions {
  const host = options.host ?? options.cloudHost ?? "api.trychroma.com";
  const { chromaServerHeaders } = readSettings(options.settings ?? {});
  return {
    host,
    port: options.port ?? options.cloudPort ?? 443,
    // A URL says it itself.
    ssl: options.enableSsl ?? !host.includes("/"),
    headers: { ...chromaServerHeaders, "x-chroma-token": key },
    fetchOptions: options.fetchOptions,
  };
}

function mustHaveKey(key: string | undefined): string {
  if (!key) {
    throw new ChromaValueError(
      "Missing API key. Please provide it to the CloudClient constructor or set your CHROMA_API_KEY environment variable",
    );
  }
  // What a copied key ends with, the official client's `fetch` trims too.
  return mustBeToken(key.trim());
}

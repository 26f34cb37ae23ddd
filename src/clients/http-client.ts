// A client of a Chroma server, over HTTP as the official client speaks it.

import { ChromaValueError } from "chromadb";
import { closedFailure } from "../transport/worker-transport.ts";
import { toClientError } from "../transport/error-codec.ts";
import { optionsOf, portOf, scopeOf, type Scope } from "./arguments.ts";
import { authHeaders } from "./auth-headers.ts";
import { BaseClient } from "./base-client.ts";
import { configureFetch } from "./official.ts";
import { serverAddress } from "./server-address.ts";
import { readSettings, resolveSettings, type Settings } from "./settings.ts";
import { boolean, byName, mustRead, text } from "./value-kinds.ts";

export interface HttpClientOptions extends Scope {
  /**
   * Name of the machine, default `localhost`, or a whole URL with scheme, port and path prefix, as of a
   * reverse proxy; then `port` is ignored.
   */
  host?: string | undefined;
  /** Default 8000. */
  port?: number | string | undefined;
  /** Whether to use TLS; default false. */
  ssl?: boolean | undefined;
  /** Sent with every request. */
  headers?: Record<string, string> | undefined;
  settings?: Settings | undefined;
  /** For every `fetch`, as in the official client. */
  fetchOptions?: RequestInit | undefined;
}

/** Python's order of the same. */
export type HttpPositions = [
  host?: string,
  port?: number | string,
  ssl?: boolean,
  headers?: Record<string, string>,
  settings?: Settings,
  tenant?: string,
  database?: string,
];

const positions = ["host", "port", "ssl", "headers", "settings", "tenant", "database"] as const;

/**
 * Chroma's HttpClient. Constructing sends nothing: a server that is not there, a missing tenant or
 * database are told by the first call that needs them, with the official client's errors.
 */
export class HttpClient extends BaseClient {
  readonly #closing = new AbortController();

  /** @throws {ChromaValueError}  a host that is none, settings that contradict the arguments, a bad token */
  constructor(options?: HttpClientOptions);
  /** Python's positional form. */
  constructor(...positional: HttpPositions);
  constructor(...given: unknown[]) {
    const options = optionsOf<HttpClientOptions>(given, positions);
    const { address, headers } = connectionOf(options);
    super({
      ...scopeOf(options),
      headers,
      ...(options.fetchOptions && { fetchOptions: options.fetchOptions }),
    });
    configureFetch(this, address, () => {
      if (this.#closing.signal.aborted) throw toClientError(closedFailure());
    });
  }

  /** Refuses later calls; those under way end as they would. */
  close(): Promise<void> {
    this.#closing.abort();
    return Promise.resolve();
  }
}

function connectionOf(options: HttpClientOptions): { address: string; headers: Record<string, string> } {
  const given = readSettings(options.settings ?? {});
  const settings = resolveSettings(given);
  const host = options.host && mustRead(text, "host", options.host);
  const port = portOf(options.port);
  assertSame("host", given.chromaServerHost, host);
  assertSame("http port", given.chromaServerHttpPort, port);
  const ssl = options.ssl ?? settings.chromaServerSslEnabled;
  return {
    address: serverAddress(
      host || settings.chromaServerHost || "localhost",
      port ?? settings.chromaServerHttpPort ?? 8000,
      mustRead(boolean, "ssl", ssl),
    ),
    headers: {
      ...settings.chromaServerHeaders,
      ...mustRead(byName(text), "headers", options.headers ?? {}),
      ...authHeaders(settings),
    },
  };
}

/** Settings in code may not contradict the argument; those of the environment give way to it. */
function assertSame<Value extends string | number>(
  name: string,
  inSettings: Value | undefined,
  argument: Value | undefined,
): void {
  if (inSettings === undefined || !argument || inSettings === argument) return;
  throw new ChromaValueError(
    `Chroma server ${name} provided in settings[${inSettings}] is different to the one provided in HttpClient: [${argument}]`,
  );
}

// Python's Client: which client it is, is said by settings and environment. README.md has the table.

import { hasOnly, optionsOf, type Scope } from "./arguments.ts";
import { CloudClient } from "./cloud-client.ts";
import { readEnvironment, type Environment } from "./environment.ts";
import { EphemeralClient } from "./ephemeral-client.ts";
import { HttpClient } from "./http-client.ts";
import { PersistentClient } from "./persistent-client.ts";
import { readSettings, settingOf, type Settings } from "./settings.ts";

export interface ClientOptions extends Scope {
  settings?: Settings | undefined;
}

/** What `Client()` makes. */
export type Client = PersistentClient | EphemeralClient | HttpClient | CloudClient;

const positions = ["settings", "tenant", "database"] as const;

/**
 * A client chosen by settings, then by the environment: of a server, a path, Chroma Cloud, a server, a
 * path, or memory, in this order. Starts and sends nothing.
 *
 * @throws {ChromaValueError}  as the constructor of the client that it makes
 */
export function Client(options?: ClientOptions): Client;
/** Python's positional form. */
export function Client(settings?: Settings, tenant?: string, database?: string): Client;
export function Client(...given: unknown[]): Client {
  const options = optionsOf<ClientOptions>(given, positions, hasOnly(positions));
  const settings = readSettings(options.settings ?? {});
  const environment = readEnvironment();
  return fromSettings(settings, environment, options) ?? fromEnvironment(settings, environment, options);
}

/** What the settings in code say, if they say it. */
function fromSettings(
  settings: Settings,
  environment: Environment,
  options: ClientOptions,
): Client | undefined {
  if (settings.chromaServerHost || isOverHttp(settings.chromaApiImpl)) return new HttpClient(options);
  const isPersistent = settings.isPersistent ?? settings.persistDirectory !== undefined;
  if (!isPersistent) return undefined;
  const path = settings.persistDirectory ?? settingOf(environment, "persistDirectory");
  return new PersistentClient({ ...options, path });
}

function fromEnvironment(settings: Settings, environment: Environment, options: ClientOptions): Client {
  const endpoint = environment("CHROMA_ENDPOINT");
  const host = endpoint ?? environment("CHROMA_HOST") ?? settingOf(environment, "chromaServerHost");
  if (environment("CHROMA_API_KEY")) return new CloudClient({ ...options, host: endpoint });
  if (host || isOverHttp(settingOf(environment, "chromaApiImpl"))) {
    const tenant = options.tenant ?? environment("CHROMA_TENANT");
    const database = options.database ?? environment("CHROMA_DATABASE");
    return new HttpClient({ ...options, host, tenant, database });
  }
  const path = settingOf(environment, "persistDirectory");
  const isPersistent = settings.isPersistent ?? settingOf(environment, "isPersistent") ?? path !== undefined;
  return isPersistent ? new PersistentClient({ ...options, path }) : new EphemeralClient(options);
}

function isOverHttp(implementation: string | undefined): boolean {
  return /fastapi\.(Async)?FastAPI$/.test(implementation ?? "");
}

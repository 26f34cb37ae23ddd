// A client whose data stays: one engine a path, shared by the clients of the page.

import { ChromaValueError } from "chromadb";
import type { EngineOptions } from "../protocol/engine-port.ts";
import { LazyTransport } from "../transport/lazy-transport.ts";
import { SettingsConflict, TransportPool, type Lease } from "../transport/transport-pool.ts";
import type { EngineOverrides } from "./engine-overrides.ts";
import { LocalClient, type Scope } from "./local-client.ts";
import { canonicalPath, defaultPath } from "./path.ts";
import { startEngine } from "./start-engine.ts";
import { resolveSettings, type Settings } from "./settings.ts";

export interface PersistentClientOptions extends Scope, EngineOverrides {
  /** Name of the stored data; in Node a folder. Default `./chroma`. */
  path?: string;
  settings?: Settings;
  /** Where the bytes lie; chosen by what the platform has when left out. */
  backend?: NonNullable<EngineOptions["backend"]>;
}

const pool = new TransportPool();

/**
 * Chroma's PersistentClient. Clients on one path share one engine; two paths never share anything.
 * Constructing starts nothing: the first call does.
 */
export class PersistentClient extends LocalClient {
  constructor(options?: PersistentClientOptions);
  /** Python's positional form. */
  constructor(path: string, settings?: Settings, tenant?: string, database?: string);
  constructor(
    first: PersistentClientOptions | string = {},
    settings?: Settings,
    tenant?: string,
    database?: string,
  ) {
    const options =
      typeof first === "string"
        ? {
            path: first,
            ...(settings && { settings }),
            ...(tenant && { tenant }),
            ...(database && { database }),
          }
        : first;
    const path = options.path ?? defaultPath;
    const key = canonicalPath(path);
    const engine = {
      ...resolveSettings(options.settings),
      ...(options.backend && { backend: options.backend }),
    };
    super(options, new LazyTransport({ acquire: () => acquire(path, key, engine, options), restarts: true }));
  }
}

async function acquire(
  path: string,
  key: string,
  engine: Omit<EngineOptions, "wasmUrl">,
  overrides: EngineOverrides,
): Promise<Lease> {
  try {
    return await pool.acquire(key, JSON.stringify(engine), () => startEngine(key, engine, overrides));
  } catch (error) {
    if (!(error instanceof SettingsConflict)) throw error;
    throw new ChromaValueError(`An instance of Chroma already exists for ${path} with different settings`);
  }
}

// A client whose data is gone with it.

import { LazyTransport } from "../transport/lazy-transport.ts";
import type { Lease } from "../transport/transport-pool.ts";
import type { EngineOverrides } from "./engine-overrides.ts";
import { LocalClient, type Scope } from "./local-client.ts";
import { startEngine } from "./start-engine.ts";
import { resolveSettings, type ResolvedSettings, type Settings } from "./settings.ts";

export interface EphemeralClientOptions extends Scope, EngineOverrides {
  settings?: Settings;
}

/** Python's positional arguments are (settings, tenant, database); an object with none of our keys is settings. */
const optionNames: readonly string[] = [
  "settings",
  "tenant",
  "database",
  "worker",
  "workerUrl",
  "wasmUrl",
] satisfies (keyof EphemeralClientOptions)[];

/**
 * Chroma's EphemeralClient. Each has a memory of its own (Python's share one by accident).
 * Constructing starts nothing: the first call does. If its worker dies, its data is gone and every
 * call says so.
 */
export class EphemeralClient extends LocalClient {
  constructor(options?: EphemeralClientOptions);
  /** Python's positional form. */
  constructor(settings: Settings, tenant?: string, database?: string);
  constructor(first: EphemeralClientOptions | Settings = {}, tenant?: string, database?: string) {
    const options = isOptions(first)
      ? first
      : { settings: first, ...(tenant && { tenant }), ...(database && { database }) };
    const settings = resolveSettings(options.settings);
    super(options, new LazyTransport({ acquire: () => start(settings, options), restarts: false }));
  }
}

function isOptions(first: EphemeralClientOptions | Settings): first is EphemeralClientOptions {
  return Object.keys(first).every((name) => optionNames.includes(name));
}

async function start(settings: ResolvedSettings, overrides: EngineOverrides): Promise<Lease> {
  const transport = await startEngine(null, settings, overrides);
  return { transport, release: () => transport.close() };
}

// A client whose data is gone with it.

import { LazyTransport } from "../transport/lazy-transport.ts";
import type { Lease } from "../transport/transport-pool.ts";
import { hasOnly, optionsOf, type Scope } from "./arguments.ts";
import type { EngineOverrides } from "./engine-overrides.ts";
import { LocalClient } from "./local-client.ts";
import { startEngine } from "./start-engine.ts";
import { engineSettings, resolveSettings, type ResolvedSettings, type Settings } from "./settings.ts";

export interface EphemeralClientOptions extends Scope, EngineOverrides {
  settings?: Settings | undefined;
}

const positions = ["settings", "tenant", "database"] as const;

/** An object with none but these keys is options; any other is settings, Python's first argument. */
const optionNames: readonly string[] = [
  ...positions,
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
  constructor(settings?: Settings, tenant?: string, database?: string);
  constructor(...given: unknown[]) {
    const options = optionsOf<EphemeralClientOptions>(given, positions, hasOnly(optionNames));
    const settings = resolveSettings(options.settings);
    super(options, new LazyTransport({ acquire: () => start(settings, options), restarts: false }), "none");
  }
}

async function start(settings: ResolvedSettings, overrides: EngineOverrides): Promise<Lease> {
  const transport = await startEngine(null, engineSettings(settings), overrides);
  return { transport, release: () => transport.close() };
}

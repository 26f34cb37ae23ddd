// What a page remembers of a path beside its files, for whoever opens it: when and where it was created.

import type { EngineOptions } from "../../protocol/engine-port.ts";
import type { Reply } from "../../protocol/operation.ts";

/** Empty where nothing is noted, or nothing can be. */
export interface Noted {
  /** In milliseconds since 1970. */
  readonly createdAt?: number | undefined;
  /** Builds until November 2026 did not note it. */
  readonly backend?: EngineOptions["backend"] | undefined;
}

/** Of one path. */
export interface CreationNote {
  read(): Noted;
  /** Takes what opening was answered: notes the creation, and tells the page of a loss. */
  take(opened: Reply): void;
}

/**
 * Options for opening a path: on the backend that it was created on, unless the caller names one. What the platform
 * has may have changed since, and another tab may have named one.
 */
export function asNoted(engine: EngineOptions, { createdAt, backend }: Noted): EngineOptions {
  return { backend, ...engine, expectedAt: engine.expectedAt ?? createdAt, expectedOn: backend };
}

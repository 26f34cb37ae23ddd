// What a page remembers of a path beside its files, for whoever opens it: when and where it was created.

import type { EngineOptions } from "../../protocol/engine-port.ts";
import { errorToReply } from "../../protocol/error-reply.ts";
import { Failure } from "../../protocol/failure.ts";
import type { Reply } from "../../protocol/operation.ts";

/** Empty where nothing is noted, or nothing can be. */
export interface Noted {
  /** In milliseconds since 1970. */
  readonly createdAt?: number | undefined;
  /** Builds until November 2026 did not note it. */
  readonly backend?: EngineOptions["backend"];
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
  const expectedAt = engine.expectedAt ?? createdAt;
  return {
    ...(backend && { backend }),
    ...engine,
    ...(expectedAt !== undefined && { expectedAt }),
  };
}

/** What an opening was answered, told of a path that is not lost, but noted elsewhere than the caller wants it. */
export function placed(opened: Reply, path: string, noted: Noted, { backend }: EngineOptions): Reply {
  const isMissing = !opened.ok && opened.error.code === "data-evicted";
  if (!isMissing || !isElsewhere(noted.backend, backend)) return opened;
  const told = `"${path}" lies on ${noted.backend}: expected ${backend}`;
  return errorToReply(new Failure("path-locked", told, { path }));
}

/** Whether what is noted is of another backend. */
export function isElsewhere(noted: Noted["backend"], backend: string | undefined): boolean {
  return noted !== undefined && noted !== backend;
}

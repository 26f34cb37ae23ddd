// What handlers work on, taken from the session there is.

import type { Failure } from "../../src/protocol/failure.ts";
import type { StorageDamage } from "../../src/protocol/storage-info.ts";
import type { EngineContext } from "./handler.ts";
import type { Session } from "./session.ts";

/** What a context has beside its session: who asks, and what may have to be loaded. */
export type Surroundings = Pick<EngineContext, "allowReset" | "archives" | "ticket">;

export function contextOf(session: Session, surroundings: Surroundings): EngineContext {
  const { catalog, collections, storage, path, exports, createdAt } = session;
  return {
    catalog,
    collections,
    exports,
    ...surroundings,
    flush: () => path.flush(),
    freeze: () => path.freeze(),
    storageInfo: () => ({
      backend: storage.backend,
      bytesUsed: path.storedBytes,
      createdAt,
      memoryUsed: collections.memoryUsed,
      warnings: [...collections.warnings, ...(storage.warnings?.() ?? [])],
      damage: path.damageFound.map(toStorageDamage),
    }),
  };
}

function toStorageDamage({ message, details }: Failure): StorageDamage {
  const { collection = null, file, offset = 0 } = details as Partial<StorageDamage>;
  return { collection, file: file ?? "", offset, message };
}

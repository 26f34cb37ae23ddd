// An import in the files of a session that is given up for it.

import { alreadyExists } from "../../src/protocol/request-error.ts";
import { Catalog } from "../catalog/catalog.ts";
import type { Archives } from "./archives.ts";
import type { Session } from "./session.ts";
import type { Storage } from "../storage/storage.ts";
import type { ArchiveImport } from "../archive/import.ts";

/** An import, and the storage that is to be closed after it. */
export interface ImportRun {
  readonly archive: ArchiveImport;
  readonly storage: Storage;
}

/**
 * Begins an import; of the session its storage alone is left.
 * @throws {RequestError}  409: the path has data
 */
export async function beginImport(
  session: Session,
  archives: Archives,
  turn: () => Promise<void>,
): Promise<ImportRun> {
  if (!isEmpty(session.catalog))
    throw alreadyExists("The path has data: expected an empty one to import into");
  await session.forget(turn);
  return { archive: await archives.importInto(session.storage), storage: session.storage };
}

/**
 * Gives an import up; files that were made for it go too. What it cannot clear is cleared by whoever opens the path
 * next: the mark is there.
 */
export async function abandonImport({ archive, storage }: ImportRun): Promise<void> {
  await archive.cancel().catch(() => undefined);
  await (storage.created ? storage.destroy() : storage.close());
}

/** Whether a catalog has nothing but what every new one has. */
function isEmpty(catalog: Catalog): boolean {
  const [found, fresh] = [catalog.state(), new Catalog().state()];
  return (
    found.collections.length === 0 &&
    found.databases.length === fresh.databases.length &&
    found.tenants.length === fresh.tenants.length
  );
}

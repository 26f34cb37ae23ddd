// Damage that a test does to a database in memory, and what salvage gives of it then.

import type { PackedVectors } from "../../src/protocol/operation.ts";
import type { SalvagedPart } from "../../src/protocol/storage-info.ts";
import type { CollectionStore } from "../../worker/path/collection-store.ts";
import { openPath } from "../../worker/path/open-path.ts";
import type { Disk } from "../../worker/storage/memory.ts";
import { type EngineClient, memory, unpack } from "../engine/engine-client.ts";
import type { GoldenCollection, GoldenRecord } from "../golden/contents.ts";
import { idleHost } from "../path/idle-host.ts";

type Named = Pick<GoldenCollection, "name" | "database">;

/** Flips a bit of a byte. */
export function flip(disk: Disk, file: string, offset: number): void {
  const byte = new Uint8Array(1);
  disk.get(file)!.read(byte, offset);
  byte[0]! ^= 16;
  disk.get(file)!.write(byte, offset);
}

/** What the path has of a collection, to know where its bytes lie. */
export async function storeOf(disk: Disk, { name, database }: Named): Promise<CollectionStore> {
  const storage = memory(disk);
  const { path, records } = await openPath(storage, idleHost, null);
  const ids = [...records].filter(([, record]) => {
    const known = record as { name: string; database: string };
    return known.name === name && known.database === database;
  });
  return path.collection(ids[0]![0])!;
}

interface Batch {
  readonly ids: string[];
  readonly documents: (string | null)[];
  readonly metadatas: unknown[];
  readonly uris: (string | null)[];
  readonly embeddings: PackedVectors;
  readonly verified: boolean[];
  readonly unreadable: SalvagedPart[];
  readonly next: number | null;
}

export interface Salvaged {
  readonly records: Map<string, GoldenRecord>;
  /** Ids of records whose row nothing proves. */
  readonly unverified: Set<string>;
  readonly unreadable: SalvagedPart[];
}

/** All records that salvage gives, in the form of `contents.ts`. */
export async function salvage(client: EngineClient, { name, database }: Named): Promise<Salvaged> {
  const records = new Map<string, GoldenRecord>();
  const unverified = new Set<string>();
  const unreadable: SalvagedPart[] = [];
  const route = "/chromalite/tenants/{tenant}/databases/{database}/collections/{collection_id}/salvage";
  for (let from: number | null = 0; from !== null;) {
    const batch = (await client.call("post", route, { database, collection_id: name }, { from })) as Batch;
    const { present, ...packed } = batch.embeddings;
    const vectors = unpack({ ...packed, rows: present!.filter((each) => each === 1).length });
    batch.ids.forEach((id, i) => {
      const embedding = present![i] === 1 ? vectors.shift()! : null;
      const [document, metadata, uri] = [batch.documents[i], batch.metadatas[i], batch.uris[i]];
      records.set(id, { id, embedding, document, metadata, uri } as GoldenRecord);
      if (!batch.verified[i]) unverified.add(id);
    });
    unreadable.push(...batch.unreadable);
    from = batch.next;
  }
  return { records, unverified, unreadable };
}

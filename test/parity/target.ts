// What programs run on: something that gives a client on a database of its own.

import { ChromaClient } from "chromadb";
import { EphemeralClient } from "../../src/index.ts";
import { inThreadWorker } from "../semantics/in-thread-worker.ts";
import { close } from "../semantics/place.ts";
import { Session } from "./session.ts";

export interface Target {
  readonly name: string;
  /** No HTTP lies between client and engine. */
  readonly isInProcess: boolean;
  /** A client whose database is named, there or not. */
  start(database: string): ChromaClient;
  /** Called after a collection was deleted. */
  readonly sweep?: () => Promise<void>;
}

/** The engine in this process, in memory: a new one for each client. */
export const inProcess: Target = {
  name: "Chromalite in process",
  isInProcess: true,
  start: (database) => new EphemeralClient({ database, worker: inThreadWorker }),
};

/** `chromalite run` on this port: one engine and one folder for all programs, reached by the official client. */
export function chromaliteRun(port: number): Target {
  return {
    name: "chromalite run",
    isInProcess: false,
    start: (database) => new ChromaClient({ port, database }),
  };
}

/** Chroma's server. */
export function chromaServer(port: number): Target {
  const client = new ChromaClient({ port });
  return {
    name: "Chroma's server",
    isInProcess: false,
    start: (database) => new ChromaClient({ port, database }),
    sweep: () => takeLeftovers(client),
  };
}

/** More than a program has in one collection. */
const LEFTOVERS_MAX = 32;

/**
 * The server leaves the array elements of a deleted collection to the next records that are stored, in
 * whatever collection (the row `inherited-arrays`). Records that nobody sees take them with them: where
 * records are deleted one by one, their array elements go as well.
 */
async function takeLeftovers(client: ChromaClient): Promise<void> {
  const name = "takes-leftovers";
  const ids = Array.from({ length: LEFTOVERS_MAX }, (_, index) => `id-${index}`);
  const taker = await client.createCollection({ name, embeddingFunction: null });
  await taker.add({ ids, embeddings: ids.map(() => [1]) });
  await taker.delete({ ids });
  await client.deleteCollection({ name });
}

const DATABASES = "/api/v2/tenants/{tenant}/databases";

/** Runs `use` on a new database of this name. It stays: deleting it would leave array elements too. */
export async function withDatabase<T>(
  target: Target,
  database: string,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const client = target.start(database);
  const session = new Session(client, target.sweep);
  try {
    const made = await session.run({
      call: "request",
      method: "post",
      route: DATABASES,
      body: { name: database },
    });
    if (made.kind === "error") throw new Error(`${target.name}: ${made.error.message}`);
    return await use(session);
  } finally {
    await close(client);
  }
}

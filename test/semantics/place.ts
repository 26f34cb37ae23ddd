// Where the records of one test lie, and the clients that are open on them. The facts know nothing else
// of a backend, so the same ones run in memory, on files, on OPFS, on IndexedDB and on Chroma's server.

import type { ChromaClient, CreateCollectionConfiguration } from "chromadb";
import type { Collection, Settings } from "../../src/index.ts";

/** What a client is made with. */
export interface StartOptions {
  readonly tenant?: string;
  readonly database?: string;
  readonly settings?: Settings;
}

/** What a backend brings: a place that is empty. */
export interface Ground {
  /** A client; where data lasts, each one is on the same data. */
  start(options?: StartOptions): ChromaClient;
  /** Whether a client that starts after the last one was closed finds the data. */
  readonly lasts: boolean;
  /** Removes what the test left. */
  clear?(): Promise<void>;
}

export type OpenGround = () => Ground | Promise<Ground>;

export interface NotesOptions {
  readonly space?: "l2" | "cosine" | "ip";
  readonly hnsw?: NonNullable<CreateCollectionConfiguration["hnsw"]>;
}

/** The collection "notes" of `client`, new and without an embedding function. */
export async function createNotes(
  client: ChromaClient,
  { space, hnsw = space === undefined ? undefined : { space } }: NotesOptions = {},
): Promise<Collection> {
  const configuration = hnsw === undefined ? {} : { configuration: { hnsw } };
  return client.createCollection({ name: "notes", embeddingFunction: null, ...configuration });
}

/** One test's place; what it started is closed with it. */
export class Place implements AsyncDisposable {
  readonly #ground: Ground;
  readonly #started: ChromaClient[] = [];
  #client: ChromaClient;

  private constructor(ground: Ground) {
    this.#ground = ground;
    this.#client = this.start();
  }

  static async open(openGround: OpenGround): Promise<Place> {
    return new Place(await openGround());
  }

  /** The client that is open now. */
  get client(): ChromaClient {
    return this.#client;
  }

  /** Another client; where data lasts, on the same data. */
  start(options?: StartOptions): ChromaClient {
    const client = this.#ground.start(options);
    this.#started.push(client);
    return client;
  }

  createNotes(options?: NotesOptions): Promise<Collection> {
    return createNotes(this.#client, options);
  }

  /** Checks a fact about "notes" now and, where data lasts, once more after closing and opening again. */
  async keeps(fact: (notes: Collection, client: ChromaClient) => Promise<void>): Promise<void> {
    const check = async (): Promise<void> =>
      fact(await this.#client.getCollection({ name: "notes" }), this.#client);
    await check();
    if (!this.#ground.lasts) return;
    await this.reopen();
    await check();
  }

  /** Closes every client and starts one anew. */
  async reopen(options?: StartOptions): Promise<void> {
    await this.#close();
    this.#client = this.start(options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
    await this.#ground.clear?.();
  }

  async #close(): Promise<void> {
    await Promise.all(this.#started.splice(0).map((client) => close(client)));
  }
}

/** The official client has no end. */
export async function close(client: ChromaClient): Promise<void> {
  if (Symbol.asyncDispose in client) await (client as ChromaClient & AsyncDisposable)[Symbol.asyncDispose]();
}

// A program's run on one target: the client, the collections that its steps got, and the carrying out
// of a step. The one place that calls the API.

import type { ChromaClient, Collection } from "chromadb";
import type { ApiClient } from "../../src/transport/operation-client.ts";
import { LetterEmbedder } from "../semantics/letter-embedder.ts";
import {
  describeCollection,
  describeCollections,
  describeHeartbeat,
  errorOutcome,
  type Outcome,
  replyOutcome,
} from "./outcome.ts";
import {
  type ClientStep,
  type CollectionStep,
  type Given,
  givenOf,
  LETTERS,
  type RequestStep,
  type Step,
} from "./step.ts";

/** Letters whose counts are the embedding of a text; their number is its dimension. */
const EMBEDDED_LETTERS = "aeno";

/** A method whose argument is not the type's: programs also give what the types refuse. */
type Method = (given?: unknown) => Promise<unknown>;

export class Session {
  readonly client: ChromaClient;
  readonly #collections = new Map<string, Collection>();
  /** As the collections were got: after a modify that was refused, one in hand tells what it is not. */
  readonly #spaces = new Map<string, string | undefined>();

  readonly #afterDeletion: (() => Promise<void>) | undefined;

  /** @param afterDeletion  called when a collection is gone */
  constructor(client: ChromaClient, afterDeletion?: () => Promise<void>) {
    this.client = client;
    this.#afterDeletion = afterDeletion;
  }

  /** Never rejects: an error is an outcome. */
  async run(step: Step): Promise<Outcome> {
    try {
      if (step.call === "request") return replyOutcome(await this.#request(step));
      if ("on" in step) return await this.#runOnCollection(step);
      return replyOutcome(await this.#runOnClient(step));
    } catch (error) {
      return errorOutcome(error);
    }
  }

  /** The space of a collection, for how exact its distances are; undefined where there is none. */
  spaceOf(name: string): string | undefined {
    return this.#spaces.get(name);
  }

  async #runOnClient(step: ClientStep): Promise<unknown> {
    const { call, as = "" } = step;
    switch (call) {
      case "createCollection":
      case "getOrCreateCollection":
      case "getCollection":
        return this.#keep(as, this.client[call](withEmbedder(givenOf(step)) as never));
      case "getCollectionById":
        return this.#keep(as, this.client.getCollectionById((await this.#mustGet(as)).id));
      case "collection":
        // A handle knows its id alone, and has nothing to tell.
        this.#collections.set(as, this.client.collection((await this.#mustGet(as)).id));
        return null;
      case "getCollections":
        return describeCollections(await this.client.getCollections(step.with as string[]));
      case "listCollections":
        return this.#list(givenOf(step));
      case "deleteCollection":
        return this.#delete(as, givenOf(step));
      case "heartbeat":
        return describeHeartbeat(await this.client.heartbeat());
      default:
        return this.client[call]();
    }
  }

  /** Which collections a page of them holds is chance, since they are ordered by generated ids: their number is not. */
  async #list(given: Given): Promise<unknown> {
    const collections = await this.client.listCollections(given);
    return Object.keys(given).length > 0 ? collections.length : describeCollections(collections);
  }

  async #runOnCollection(step: CollectionStep): Promise<Outcome> {
    const collection = await this.#mustGet(step.on);
    const given = step.with;
    const call = (arguments_: Given | undefined): Promise<unknown> =>
      (collection[step.call] as Method).call(collection, arguments_);
    const reply = await call(given);
    if (step.call === "modify") return replyOutcome(describeCollection(collection));
    const isWithoutDistances = step.call === "query" && !includesDistances(given);
    if (!isWithoutDistances) return replyOutcome(reply);
    const again = (await call({ ...given, include: ["distances"] })) as { distances: (number | null)[][] };
    return replyOutcome(reply, again.distances);
  }

  async #delete(as: string, given: Given): Promise<void> {
    await this.client.deleteCollection(given as never);
    this.#collections.delete(as);
    await this.#afterDeletion?.();
  }

  async #keep(as: string, got: Promise<Collection>): Promise<unknown> {
    const collection = await got;
    this.#hold(as, collection);
    return describeCollection(collection);
  }

  async #mustGet(name: string): Promise<Collection> {
    const held = this.#collections.get(name);
    return held ?? this.#hold(name, await this.client.getCollection({ name }));
  }

  #hold(name: string, collection: Collection): Collection {
    this.#collections.set(name, collection);
    this.#spaces.set(name, collection.configuration.hnsw?.space ?? undefined);
    return collection;
  }

  /** Through the client's own transport, so that errors are told as for its methods. */
  async #request({ method, route, path, body }: RequestStep): Promise<unknown> {
    const { apiClient, tenant, database } = this.client as unknown as {
      apiClient: ApiClient;
      tenant: string;
      database: string;
    };
    const { data } = await apiClient[method]({
      url: route,
      path: { tenant, database, ...path },
      ...(body === undefined ? {} : { body, headers: { "Content-Type": "application/json" } }),
    });
    return data;
  }
}

function includesDistances(given: Given | undefined): boolean {
  const include = given?.["include"];
  return include === undefined || !Array.isArray(include) || include.includes("distances");
}

function withEmbedder(given: Given): Given {
  return given["embeddingFunction"] === LETTERS
    ? { ...given, embeddingFunction: new LetterEmbedder(EMBEDDED_LETTERS) }
    : { embeddingFunction: null, ...given };
}

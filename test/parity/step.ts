// One step of a program: a call of the official client's API, as data. The same step is carried out on
// every target, is printed when targets differ, and can be written by hand.

/** Calls of a client. Those that give a collection keep it under `as`, for the steps after. */
export type ClientCall =
  | "collection"
  | "countCollections"
  | "createCollection"
  | "deleteCollection"
  | "getCollection"
  | "getCollectionById"
  | "getCollections"
  | "getMaxBatchSize"
  | "getOrCreateCollection"
  | "getUserIdentity"
  | "heartbeat"
  | "listCollections"
  | "reset"
  | "supportsBase64Encoding"
  | "version";

/** Calls of a collection. */
export type CollectionCall =
  | "add"
  | "count"
  | "delete"
  | "fork"
  | "forkCount"
  | "get"
  | "getIndexingStatus"
  | "modify"
  | "peek"
  | "query"
  | "search"
  | "update"
  | "upsert";

/** What a call is given: the official method's own argument, with an embedding function told by its mark. */
export type Given = Readonly<Record<string, unknown>>;

export interface ClientStep {
  readonly call: ClientCall;
  readonly as?: string;
  readonly with?: Given | readonly string[] | undefined;
}

export interface CollectionStep {
  readonly call: CollectionCall;
  /** The collection that an earlier step kept under this name; where there is none, the one of this name. */
  readonly on: string;
  readonly with?: Given | undefined;
}

/** A request of the REST contract that the official client has no method for, or would not let through. */
export interface RequestStep {
  readonly call: "request";
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  readonly route: string;
  readonly path?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export type Step = ClientStep | CollectionStep | RequestStep;

/** What the client is to put in the place of this mark: a function that embeds by counting letters. */
export const LETTERS = "letters";

export function givenOf(step: Step): Given {
  return "with" in step && step.with !== undefined && !Array.isArray(step.with) ? (step.with as Given) : {};
}

// The package's entry: every name of the official client, and ours. Importing it starts nothing and
// touches no global of a browser, so it can be imported where pages are rendered on a server.

export * from "chromadb";

export { EphemeralClient, type EphemeralClientOptions } from "./clients/ephemeral-client.ts";
export type { ClientStorage, StorageInfo } from "./clients/client-storage.ts";
export type { EngineOverrides } from "./clients/engine-overrides.ts";
export { PersistentClient, type PersistentClientOptions } from "./clients/persistent-client.ts";
export type { Settings } from "./clients/settings.ts";
// Wider than the official type of this name, and assignable to it.
export type { Collection, Embeddings, QueryEmbeddings } from "./clients/types.ts";
export type { FailureCode } from "./protocol/failure.ts";
export { ChromaliteError, ChromaNotImplementedError } from "./transport/chromalite-error.ts";

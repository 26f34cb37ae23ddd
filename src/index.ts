// The package's entry: every name of the official client, and ours. Importing it starts nothing and
// touches no global of a browser, so it can be imported where pages are rendered on a server.

export * from "chromadb";

// Ours have the official names, take Python's arguments too, and are assignable to the official types.
export { AdminClient, type AdminClientOptions } from "./clients/admin-client.ts";
export { AsyncHttpClient } from "./clients/async-http-client.ts";
export { Client, type ClientOptions } from "./clients/client.ts";
export { CloudClient, type CloudClientOptions } from "./clients/cloud-client.ts";
export {
  useEmbeddingFunctionsFrom,
  type EmbeddingFunctionRegistries,
} from "./clients/embedding-functions.ts";
export { EphemeralClient, type EphemeralClientOptions } from "./clients/ephemeral-client.ts";
export { connectServiceWorker, type ConnectOptions } from "./clients/connect-service-worker.ts";
export type { ClientStorage, StorageInfo } from "./clients/client-storage.ts";
export type { SalvagedRecords } from "./clients/salvage.ts";
export type { EngineOverrides } from "./clients/engine-overrides.ts";
export { HttpClient, type HttpClientOptions } from "./clients/http-client.ts";
export { PersistentClient, type PersistentClientOptions } from "./clients/persistent-client.ts";
export type { Settings } from "./clients/settings.ts";
// Wider than the official type of this name, and assignable to it.
export type { Progress, TransferOptions } from "./clients/transfer-options.ts";
export type { Collection, Embeddings, QueryEmbeddings, WriteOptions } from "./clients/types.ts";
export type { ServiceWorkerOffer } from "./protocol/engine-offer.ts";
export type { FailureCode } from "./protocol/failure.ts";
export { ChromaliteError, ChromaNotImplementedError } from "./transport/chromalite-error.ts";

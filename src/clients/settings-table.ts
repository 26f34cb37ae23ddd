// Chroma's settings, in camelCase: every name that Python's `Settings` has (1.x), its kind and its
// default. A setting's environment variable is its name in upper case, `ALLOW_RESET` of `allowReset`.
// A new setting is one line here and one row in README.md, which a test compares.

import { boolean, byName, integer, number, oneOf, text, texts, type Kind } from "./value-kinds.ts";

interface Setting<Value, Default extends Value | undefined> {
  readonly kind: Kind<Value>;
  /** What Chroma's clients take when it is not set; undefined: nothing. */
  readonly byDefault: Default;
}

function setting<Value>(kind: Kind<Value>): Setting<Value, undefined>;
function setting<Value>(kind: Kind<Value>, byDefault: Value): Setting<Value, Value>;
function setting<Value>(kind: Kind<Value>, byDefault?: Value): Setting<Value, Value | undefined> {
  return { kind, byDefault };
}

/** Settings that something here heeds. They are read from the environment too. */
export const heededSettings = {
  /** `Client()` stores on disk. */
  isPersistent: setting(boolean, false),
  /** Where `Client()` stores, and `PersistentClient` without a path. */
  persistDirectory: setting(text, "./chroma"),
  /** Whether `reset()` is allowed. */
  allowReset: setting(boolean, false),
  /** Memory for loaded collections, in bytes; 0: 1 GiB. The least recently used are closed first. */
  chromaMemoryLimitBytes: setting(integer, 0),
  /** The same under a shorter name, which wins. */
  memoryLimitBytes: setting(integer),
  /** `Client()` speaks HTTP when this names Python's FastAPI client, synchronous or not. */
  chromaApiImpl: setting(text, "chromadb.api.rust.RustBindingsAPI"),
  /** Host of a server, or its whole URL; `Client()` speaks HTTP when it is set. */
  chromaServerHost: setting(text),
  /** Port of the server. */
  chromaServerHttpPort: setting(integer),
  /** Whether the server is spoken to over TLS. */
  chromaServerSslEnabled: setting(boolean, false),
  /** Headers of every request. */
  chromaServerHeaders: setting(byName(text)),
  /** Python's name of a provider: `…TokenAuthClientProvider` or `…BasicAuthClientProvider`. */
  chromaClientAuthProvider: setting(text),
  /** A token, or `user:password`. */
  chromaClientAuthCredentials: setting(text),
  /** The token's header: `Authorization` (the default) or `X-Chroma-Token`. */
  chromaAuthTokenTransportHeader: setting(text),
};

/** Settings that are checked and then have no effect: they configure what is not here. */
export const acceptedSettings = {
  /** Nothing is ever sent, whatever this says. */
  anonymizedTelemetry: setting(boolean, true),
  chromaSegmentCachePolicy: setting(text),
  /** The engine migrates its own files. */
  migrations: setting(oneOf("none", "validate", "apply"), "apply"),
  migrationsHashAlgorithm: setting(oneOf("md5", "sha256"), "md5"),
  environment: setting(text, ""),
  tenantId: setting(text, "default"),
  topicNamespace: setting(text, "default"),
  // Connections: `fetch` keeps its own.
  chromaHttpKeepaliveSecs: setting(number, 40),
  chromaHttpMaxConnections: setting(integer),
  chromaHttpMaxKeepaliveConnections: setting(integer),
  /** `fetch` always verifies. */
  chromaServerSslVerify: setting<boolean | string>(text),
  chromaServerApiDefaultPath: setting(text, "/api/v2"),
  // A server's own.
  chromaServerCorsAllowOrigins: setting(texts, []),
  chromaServerNofile: setting(integer),
  chromaServerThreadPoolSize: setting(integer, 40),
  chromaServerAuthIgnorePaths: setting(byName(texts)),
  chromaServerAuthnProvider: setting(text),
  chromaServerAuthnCredentials: setting(text),
  chromaServerAuthnCredentialsFile: setting(text),
  chromaServerAuthzProvider: setting(text),
  chromaServerAuthzConfig: setting(text),
  chromaServerAuthzConfigFile: setting(text),
  chromaOverwriteSingletonTenantDatabaseAccessFromAuth: setting(boolean, false),
  chromaOtelCollectionEndpoint: setting(text, ""),
  chromaOtelServiceName: setting(text, "chromadb"),
  chromaOtelCollectionHeaders: setting(byName(text), {}),
  chromaOtelGranularity: setting(text),
  // Python's classes and the distributed system.
  chromaProductTelemetryImpl: setting(text),
  chromaTelemetryImpl: setting(text),
  chromaDbImpl: setting(text),
  chromaSysdbImpl: setting(text),
  chromaProducerImpl: setting(text),
  chromaConsumerImpl: setting(text),
  chromaSegmentManagerImpl: setting(text),
  chromaExecutorImpl: setting(text),
  chromaSegmentDirectoryImpl: setting(text),
  chromaSegmentDirectoryRoutingMode: setting(text),
  chromaMemberlistProviderImpl: setting(text),
  chromaCollectionAssignmentPolicyImpl: setting(text),
  chromaQuotaProviderImpl: setting(text),
  chromaQuotaEnforcerImpl: setting(text),
  chromaRateLimitingProviderImpl: setting(text),
  chromaRateLimitEnforcerImpl: setting(text),
  chromaAsyncRateLimitEnforcerImpl: setting(text),
  workerMemberlistName: setting(text, "query-service-memberlist"),
  chromaCoordinatorHost: setting(text, "localhost"),
  chromaServerGrpcPort: setting(integer),
  chromaLogserviceHost: setting(text, "localhost"),
  chromaLogservicePort: setting(integer, 50052),
  chromaLogserviceRequestTimeoutSeconds: setting(integer, 3),
  chromaSysdbRequestTimeoutSeconds: setting(integer, 3),
  chromaQueryRequestTimeoutSeconds: setting(integer, 60),
  chromaQueryReplicationFactor: setting(integer, 2),
};

type Table = typeof heededSettings & typeof acceptedSettings;

export type HeededName = keyof typeof heededSettings;

/** Chroma's settings by their names, as a caller gives them. */
export type Settings = {
  -readonly [Name in keyof Table]?: Table[Name]["kind"] extends Kind<infer Value> ? Value | undefined : never;
};

/** The heeded settings with every default filled in; undefined where there is none. */
export type ResolvedSettings = {
  readonly [Name in HeededName]: NonNullable<Settings[Name]> | Table[Name]["byDefault"];
};

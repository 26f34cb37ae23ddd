// A client whose data stays: one engine a path, shared by the clients of the page.

import { ChromaValueError } from "chromadb";
import type { EngineOptions } from "../protocol/engine-port.ts";
import type { Durability } from "../protocol/operation.ts";
import { LazyTransport } from "../transport/lazy-transport.ts";
import { SettingsConflict, TransportPool, type Lease } from "../transport/transport-pool.ts";
import { optionsOf, type Scope } from "./arguments.ts";
import type { EngineOverrides } from "./engine-overrides.ts";
import { LocalClient } from "./local-client.ts";
import { canonicalPath, defaultPath } from "./path.ts";
import { importArchive } from "./import-archive.ts";
import type { TransferOptions } from "./transfer-options.ts";
import { toClientError } from "../transport/error-codec.ts";
import { flushingWhenHidden } from "./flush-when-hidden.ts";
import { openPath, startImport } from "./start-engine.ts";
import { engineSettings, resolveSettings, settingsKey, type Settings } from "./settings.ts";

export interface PersistentClientOptions extends Scope, EngineOverrides {
  /** Name of the stored data; in Node a folder. Default `./chroma`, or what the settings say. */
  path?: string | undefined;
  settings?: Settings | undefined;
  /**
   * "relaxed": a write is answered without waiting for the disk, and is durable soon after: with the next strict
   * write of any client, two seconds after the last one, when the page is hidden, or with `storage.flush()`. The
   * page, the browser or the process may crash meanwhile; at a power cut the last writes are gone, each as a whole.
   * "strict", the default: a write that was answered is on the disk.
   */
  durability?: Durability | undefined;
  /**
   * What comes of a path that this page remembers and finds without its files, since the browser evicted them:
   * "fail", the default: each call rejects with `ChromaliteError` "data-evicted". "start-empty": the loss is
   * accepted. The event `chromaliteevicted` is dispatched on `globalThis` either way, once for each opening that finds a loss.
   */
  afterEviction?: "fail" | "start-empty" | undefined;
  /**
   * When the data was created, as the application's own server remembers it (`storage.info().createdAt`): for browsers
   * that evict what the page remembers too, as Safari does after seven days without a visit.
   */
  createdAt?: Date | undefined;
  /** Where the bytes lie; when left out, where this page knows the path to lie, or else by what the platform has. */
  backend?: EngineOptions["backend"] | undefined;
}

const positions = ["path", "settings", "tenant", "database"] as const;

const pool = new TransportPool();

/**
 * Chroma's PersistentClient. Clients on one path share one engine; two paths never share anything.
 * Constructing starts nothing: the first call does.
 */
export class PersistentClient extends LocalClient {
  constructor(options?: PersistentClientOptions);
  /** Python's positional form. */
  constructor(path: string, settings?: Settings, tenant?: string, database?: string);
  constructor(...given: unknown[]) {
    const options = optionsOf<PersistentClientOptions>(given, positions);
    const place = placeOf(options);
    const durability = readDurability(options.durability);
    const transport = new LazyTransport({
      acquire: async () => {
        const lease = await acquire(place, options);
        return durability === "relaxed" ? flushingWhenHidden(lease) : lease;
      },
      restarts: true,
      durability,
    });
    super(options, transport, durability);
  }

  /**
   * Stores an archive under a path that has no data, and returns a client on it.
   *
   * Nothing of the archive is seen before all of it is there and has proved whole: after a failure, a cancelled
   * import or a crash the path is empty. Until it is done nobody else may have the path open.
   *
   * @param archive  what `export` gave: its stream, or a Blob or File of its bytes
   * @throws {ChromaUniqueError}  the path has data
   * @throws {ChromaliteError}  "corrupt", "format-newer": the archive is damaged, or of a newer version;
   *     "path-locked": the path is open; "storage-full"
   */
  static async import(
    archive: Blob | ReadableStream<Uint8Array>,
    { signal, onProgress, ...options }: ImportOptions = {},
  ): Promise<PersistentClient> {
    const { key, engine } = placeOf(options);
    signal?.throwIfAborted();
    const transport = await startImport(key, engine, options).catch((error: unknown) => {
      throw toClientError(error);
    });
    try {
      await importArchive(transport, archive, { signal, onProgress });
    } finally {
      await transport.close();
    }
    return new PersistentClient(options);
  }
}

export interface ImportOptions extends PersistentClientOptions, TransferOptions {}

/** A path, and how it is to be opened. */
interface Place {
  readonly path: string;
  readonly key: string;
  readonly engine: Omit<EngineOptions, "wasmUrl">;
  /** What other clients of the path have to want too. */
  readonly agreement: string;
}

function placeOf(options: PersistentClientOptions): Place {
  const settings = resolveSettings(options.settings);
  const path = options.path ?? options.settings?.persistDirectory ?? defaultPath;
  const expectedAt = options.afterEviction === "start-empty" ? undefined : options.createdAt?.getTime();
  return {
    path,
    key: canonicalPath(path),
    engine: {
      ...engineSettings(settings),
      ...(options.backend && { backend: options.backend }),
      ...(expectedAt !== undefined && { expectedAt }),
    },
    agreement: JSON.stringify([settingsKey(options.settings, settings), options.backend]),
  };
}

/** @throws {ChromaValueError}  neither of the two */
function readDurability(given: string = "strict"): Durability {
  if (given === "strict" || given === "relaxed") return given;
  throw new ChromaValueError(`Expected durability to be "strict" or "relaxed", got ${given}`);
}

async function acquire(
  { path, key, engine, agreement }: Place,
  overrides: PersistentClientOptions,
): Promise<Lease> {
  try {
    return await pool.acquire(key, agreement, () => openPath(key, engine, overrides));
  } catch (error) {
    if (!(error instanceof SettingsConflict)) throw error;
    throw new ChromaValueError(`An instance of Chroma already exists for ${path} with different settings`);
  }
}

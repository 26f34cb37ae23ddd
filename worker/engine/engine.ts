// The engine of one path: operations in, replies out. A write is resolved in memory, made durable in
// the log, applied to the vectors, and only then answered; reads between writes see whole writes only.

import type { Engine, EngineOptions, Opened } from "../../src/protocol/engine-port.ts";
import { errorToReply } from "../../src/protocol/error-reply.ts";
import { Failure, isFailure } from "../../src/protocol/failure.ts";
import type { Operation, Reply, Sender } from "../../src/protocol/operation.ts";
import { notFound } from "../../src/protocol/request-error.ts";
import type { StorageDamage } from "../../src/protocol/storage-info.ts";
import type { PendingWrite } from "../collection/collection.ts";
import type { PathLimits } from "../path/limits.ts";
import { GROUP_WRITES_MAX } from "../path/path.ts";
import type { Write } from "../path/write.ts";
import { abandonImport, beginImport, type ImportRun } from "./import-run.ts";
import type { LockWait } from "../storage/lock.ts";
import type { Storage } from "../storage/storage.ts";
import { MEMORY_BYTES_DEFAULT } from "./collections.ts";
import type { AnsweredWrite } from "./answered-writes.ts";
import type { EngineContext, Handler, ImportHandler, ResolvedWrite } from "./handler.ts";
import { macrotask } from "./macrotask.ts";
import { OperationQueue } from "./operation-queue.ts";
import type { Records } from "./records.ts";
import { getHandler } from "./routes.ts";
import { isMemoryUnsure, Session } from "./session.ts";

/** What the composition root gives an engine. */
export interface EngineParts {
  /**
   * Opens the files of a path; memory for a null path. Called again when a flush has failed, and then
   * without `wait`: another tab may lead by now.
   */
  openStorage(path: string | null, options: EngineOptions, wait?: LockWait): Promise<Storage>;
  /** Disturbs whoever sleeps on the path's files; harmless to one that is awake. */
  rouse?(path: string, options: EngineOptions): Promise<void>;
  /** Asked for once a collection is used. */
  records(options: EngineOptions): Promise<Records>;
  readonly limits?: Partial<PathLimits>;
  /** With nothing to do for this long, a checkpoint begins. */
  readonly idleMs?: number;
}

/** More vectors than this outside the graph, and writes are answered at the rate of indexing. */
const UNINDEXED_MAX = 50_000;
/** What a request waits for at most while vectors are indexed; a turn of the event loop costs a hundredth of it. */
const INDEX_SLICE_MS = 1;
const IDLE_MS = 2000;

interface Task {
  readonly operation: Operation;
  readonly handler: Handler;
  readonly isGroupable: boolean;
  readonly reply: (reply: Reply) => void;
}

/** A write that is in memory, and what the log shall hold of it. */
interface ResolvedTask {
  readonly task: Task;
  readonly write: ResolvedWrite;
  readonly entry: Write | undefined;
}

type WriteHandler = Extract<Handler, { kind: "write" }>;

export class PathEngine implements Engine {
  readonly #parts: EngineParts;
  readonly #queue: OperationQueue<Task>;
  #place: { path: string | null; options: EngineOptions } | undefined;
  #session: Session | undefined;
  #import: ImportRun | undefined;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;
  #isIdle = false;
  /** The last frame when a checkpoint was last tried for want of room. */
  #fullAt: number | undefined;
  #wasOpen = false;
  #opening: Promise<Session> | undefined;
  readonly #closed = new AbortController();
  #closing: Promise<void> | undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#queue = new OperationQueue<Task>(
      {
        run: (tasks) => this.#run(tasks),
        betweenRuns: async () => {
          this.#session?.collections.fit();
          await this.#session?.goOn();
        },
        background: () => this.#background(),
        idle: () => this.#armIdleTimer(),
      },
      GROUP_WRITES_MAX,
    );
  }

  async open(path: string | null, options: EngineOptions): Promise<Opened> {
    if (this.#place !== undefined) throw new Error("this engine has a path open already");
    this.#place = { path, options };
    this.#opening = this.#mustGetSession(options.waits === true ? this.#wait(options) : undefined);
    const session = await this.#opening;
    this.#queue.wake();
    return { lastFrame: session.path.lastFrame, createdAt: session.createdAt };
  }

  call(operation: Operation): Promise<Reply> {
    const handler = getHandler(operation.method, operation.route);
    if (handler === undefined) {
      const { method, route } = operation;
      return Promise.resolve(errorToReply(notFound(`there is no operation ${method} ${route}`)));
    }
    if (this.#closing !== undefined) return Promise.resolve(errorToReply(closedFailure()));
    const isGroupable = handler.kind === "write" && handler.isGroupable(operation);
    return new Promise((reply) => this.#queue.push({ operation, handler, isGroupable, reply }));
  }

  async rouse(): Promise<void> {
    if (this.#session !== undefined || !this.#place?.path) return;
    await this.#parts.rouse?.(this.#place.path, this.#place.options);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Compiles, while another tab leads, what this one will need the moment it does. */
  #wait(options: EngineOptions): LockWait {
    const warmUp = (): void => {
      // A file that is missing is met again by whoever needs it.
      this.#parts.records(options).catch(() => undefined);
    };
    return { signal: this.#closed.signal, onWait: warmUp };
  }

  async #close(): Promise<void> {
    this.#closed.abort();
    await this.#opening?.catch(() => undefined);
    await this.#queue.drained();
    clearTimeout(this.#idleTimer);
    await this.#session?.close(macrotask);
    this.#session = undefined;
    if (this.#import !== undefined) await abandonImport(this.#import);
    this.#import = undefined;
  }

  async #run(tasks: readonly Task[]): Promise<void> {
    this.#isIdle = false;
    clearTimeout(this.#idleTimer);
    const writes = tasks.filter(({ handler }) => handler.kind === "write");
    if (writes.length > 0) await this.#runWrites(writes);
    for (const task of tasks) {
      if (task.handler.kind === "read") await this.#runRead(task, task.handler);
      if (task.handler.kind === "import") await this.#runImport(task, task.handler);
    }
  }

  async #runRead(task: Task, handler: Extract<Handler, { kind: "read" }>): Promise<void> {
    try {
      const session = await this.#mustGetSession();
      if (session.path.damage !== undefined && handler.worksOnDamage !== true) throw session.path.damage;
      const { status, data } = await handler.run(task.operation, this.#context(session));
      task.reply({ ok: true, status, data });
    } catch (error) {
      task.reply(errorToReply(error));
      if (isMemoryUnsure(error) || this.#session?.path.isBroken === true) await this.#dropSession();
    }
  }

  /** The path is this engine's alone: what opens a path to import into it serves nobody else. */
  async #runImport({ operation, reply }: Task, handler: ImportHandler): Promise<void> {
    try {
      this.#import ??= await this.#beginImport();
      if (await handler.run(operation, this.#import.archive)) {
        const { storage } = this.#import;
        this.#import = undefined;
        await storage.close();
        // Believed when it opens.
        await this.#mustGetSession();
      }
      reply({ ok: true, status: 200, data: {} });
    } catch (error) {
      if (this.#import !== undefined) await abandonImport(this.#import);
      this.#import = undefined;
      reply(errorToReply(error));
    }
  }

  async #beginImport(): Promise<ImportRun> {
    const session = await this.#mustGetSession();
    const run = await beginImport(session, macrotask);
    this.#session = undefined;
    return run;
  }

  /** Writes that share one append. */
  async #runWrites(tasks: readonly Task[]): Promise<void> {
    const resolved: ResolvedTask[] = [];
    const rest = [...tasks];
    let session: Session;
    let bug: unknown;
    try {
      // A checkpoint met a full disk: this may fit all the same.
      if (this.#session?.path.fullBy !== undefined) await this.#dropSession();
      session = await this.#mustGetSession();
      if (session.path.damage !== undefined) throw session.path.damage;
      // What makes room may go on without; anything else is refused at the append.
      if (!session.path.hasRoom) await session.checkpointToEnd(macrotask).catch(ignoreFull);
    } catch (error) {
      if (this.#session?.path.isBroken === true) await this.#dropSession();
      for (const task of tasks) task.reply(errorToReply(error));
      return;
    }
    for (let task = rest.shift(); task !== undefined; task = rest.shift()) {
      const { sender } = task.operation;
      if (resolved.some((other) => isSameCall(other.task.operation.sender, sender))) {
        // Sent twice, and the first is not durable yet: its answer is known after this append.
        rest.unshift(task);
        break;
      }
      try {
        const answer = sender && session.answered.find(sender);
        if (answer !== undefined) {
          task.reply(answer);
          continue;
        }
        const write = await (task.handler as WriteHandler).resolve(
          task.operation,
          this.#context(session, sender),
        );
        const entry = applyToCatalog(session, write);
        const sent = sender && ([sender.client, sender.number, write.status, write.data] as const);
        resolved.push({ task, write, entry: entry && { ...entry, ...(sent && { sent }) } });
      } catch (error) {
        task.reply(errorToReply(error));
        if (!isMemoryUnsure(error)) continue;
        bug = error;
        break;
      }
    }
    try {
      const entries = resolved.map(({ entry }) => entry).filter((entry) => entry !== undefined);
      const isStrict = resolved.some(({ task }) => task.operation.durability !== "relaxed");
      if (entries.length > 0) await session.path.append(entries, isStrict ? "strict" : "relaxed");
    } catch (error) {
      await this.#dropSession();
      const refused = resolved.map(({ task }) => task);
      const reason = session.path.fullBy ?? error;
      if (isFull(reason)) await this.#runRefused(refused, reason);
      else for (const task of refused) task.reply(errorToReply(reason));
      return this.#runRest(rest);
    }
    for (const { entry } of resolved) {
      if (entry?.sent !== undefined)
        session.answered.record(entry.sent as AnsweredWrite, session.path.lastFrame);
    }
    const failed = this.#commit(session, resolved);
    // After a bug of ours memory may be ahead of the log: what the log has is what counts.
    if ((bug ?? failed) !== undefined) await this.#dropSession();
    await this.#runRest(rest);
  }

  /** Nothing of these was kept: each is tried alone, and a single one once more when a checkpoint made room. */
  async #runRefused(tasks: readonly Task[], error: Failure): Promise<void> {
    if (tasks.length > 1) {
      for (const task of tasks) await this.#runWrites([task]);
      return;
    }
    if (await this.#makeRoom().catch(() => false)) return this.#runWrites(tasks);
    for (const task of tasks) task.reply(errorToReply(error));
  }

  /** Whether a checkpoint was worth trying: it is not over frames that were tried already. */
  async #makeRoom(): Promise<boolean> {
    const session = await this.#mustGetSession();
    if (this.#fullAt === session.path.lastFrame || !session.canCheckpoint) return false;
    this.#fullAt = session.path.lastFrame;
    await session.checkpointToEnd(macrotask).catch(ignoreFull);
    return true;
  }

  /** Lets the vectors follow and replies; returns what stopped the vectors, though the writes are durable. */
  #commit(session: Session, resolved: readonly ResolvedTask[]): unknown {
    try {
      commit(
        session,
        resolved.map(({ write }) => write),
      );
    } catch (error) {
      for (const { task } of resolved) task.reply(errorToReply(error));
      return error;
    }
    for (const { task, write } of resolved) task.reply({ ok: true, status: write.status, data: write.data });
    return undefined;
  }

  async #runRest(rest: readonly Task[]): Promise<void> {
    if (rest.length > 0) await this.#runWrites(rest);
  }

  #context(
    { catalog, collections, storage, path, exports, createdAt }: Session,
    sender?: Sender,
  ): EngineContext {
    const storageInfo = () => ({
      backend: storage.backend,
      bytesUsed: path.storedBytes,
      createdAt,
      memoryUsed: collections.memoryUsed,
      warnings: [...collections.warnings, ...(storage.warnings?.() ?? [])],
      damage: path.damageFound.map(toStorageDamage),
    });
    return {
      catalog,
      collections,
      storageInfo,
      flush: () => path.flush(),
      exports,
      freeze: () => path.freeze(),
      allowReset: sender?.allowReset ?? this.#place!.options.allowReset,
    };
  }

  async #mustGetSession(wait?: LockWait): Promise<Session> {
    if (this.#session !== undefined) return this.#session;
    if (this.#place === undefined) throw closedFailure();
    if (this.#import !== undefined) throw new Error("an import is under way in this engine");
    const { path, options } = this.#place;
    if (path === null && this.#wasOpen) {
      throw new Failure("storage-lost", "the memory of this client is gone: make a new client");
    }
    return this.#openSession(await this.#parts.openStorage(path, options, wait));
  }

  async #openSession(storage: Storage): Promise<Session> {
    const { options } = this.#place!;
    const loading = {
      records: () => this.#parts.records(options),
      memoryBytesMax: options.memoryLimitBytes ?? MEMORY_BYTES_DEFAULT,
    };
    try {
      // Remembered until it was found: what was opened once may be emptied by an import that is given up.
      const expectedAt = this.#wasOpen ? undefined : options.expectedAt;
      this.#session = await Session.open(storage, loading, this.#parts.limits, expectedAt);
      this.#wasOpen = true;
      return this.#session;
    } catch (error) {
      await storage.close();
      throw error;
    }
  }

  /** Forgets what is in memory. The next operation finds what the files hold. */
  async #dropSession(): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    this.#session = undefined;
    // After a failed flush nothing may be known of the files until they are opened anew. Otherwise they are as
    // good as before, and those in memory would be gone.
    if (session.path.isBroken && session.path.fullBy === undefined)
      return session.close(macrotask).catch(() => undefined);
    await session.forget(macrotask);
    const reopened = await this.#openSession(session.storage).catch(() => undefined);
    reopened?.failed(session.failedThrough);
  }

  /** One slice of a checkpoint or of indexing; false when there is nothing to do. */
  async #background(): Promise<boolean> {
    const session = this.#session;
    // Closing does not wait for indexing: what the graph lacks is found by scans, and added at the next opening.
    if (session === undefined || this.#closing !== undefined) return false;
    if (session.path.isBroken) {
      await this.#dropSession();
      return false;
    }
    if (session.isCheckpointing) {
      await session.goOn();
      return true;
    }
    if (session.canCheckpoint && (session.path.needsCheckpoint || this.#isIdle)) {
      session.startCheckpoint();
      return true;
    }
    try {
      const isIndexing = session.collections.indexSlice(INDEX_SLICE_MS);
      session.collections.fit();
      return isIndexing;
    } catch {
      // The next operation meets the cause, and its caller hears of it.
      await this.#dropSession();
    }
    return false;
  }

  #armIdleTimer(): void {
    if (this.#closing !== undefined || this.#session?.canCheckpoint !== true) return;
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => {
      this.#isIdle = true;
      this.#queue.wake();
    }, this.#parts.idleMs ?? IDLE_MS);
  }
}

/** Applies a write's change to the catalog and says what the log shall hold; undefined for nothing. */
function applyToCatalog(
  { catalog, collections }: Session,
  { change, records, frees = false }: ResolvedWrite,
): Write | undefined {
  const deletes = change === undefined ? [] : catalog.apply(change);
  if (change?.type === "updateCollection" && change.hnsw !== undefined) {
    collections.get(change.id)?.setEfSearch(change.hnsw.efSearch);
  }
  if (change === undefined && records === undefined) return undefined;
  const isOfCollection = change?.type === "updateCollection" || change?.type === "extendCollection";
  const collection = records?.collection ?? (isOfCollection ? change.id : undefined);
  return {
    ...(collection === undefined ? {} : { collection }),
    ...(change === undefined ? {} : { catalog: change }),
    ...(change?.type === "createCollection" ? { creates: [change.record.id] } : {}),
    ...(deletes.length === 0 ? {} : { deletes }),
    ...(frees || deletes.length > 0 ? { frees: true } : {}),
    ...(records?.pending.parts === undefined ? {} : { parts: records.pending.parts }),
  };
}

/** The writes are durable: vectors follow, collections that are gone are closed. */
function commit(session: Session, writes: readonly ResolvedWrite[]): void {
  const pending = new Map<string, PendingWrite[]>();
  for (const { records } of writes) {
    if (records === undefined) continue;
    const list = pending.get(records.collection) ?? [];
    list.push(records.pending);
    pending.set(records.collection, list);
  }
  for (const [id, list] of pending) {
    const collection = session.collections.get(id);
    collection?.commit(list);
    while ((collection?.unindexed ?? 0) > UNINDEXED_MAX && collection!.indexSlice(INDEX_SLICE_MS));
  }
  session.collections.dropDeleted();
}

function toStorageDamage({ message, details }: Failure): StorageDamage {
  const { collection = null, file, offset = 0 } = details as Partial<StorageDamage>;
  return { collection, file: file ?? "", offset, message };
}

function isSameCall(a: Sender | undefined, b: Sender | undefined): boolean {
  return a !== undefined && a.client === b?.client && a.number === b.number;
}

function isFull(error: unknown): error is Failure {
  return isFailure(error) && error.code === "storage-full";
}

function ignoreFull(error: unknown): void {
  if (!isFull(error)) throw error;
}

function closedFailure(): Failure {
  return new Failure("closed", "the client is closed: make a new one");
}

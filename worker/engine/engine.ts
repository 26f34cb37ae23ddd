// The engine of one path: operations in, replies out. Writes are made durable before they are answered
// (writer.ts); reads between writes see whole writes only; when nothing waits, checkpoints and indexing go on.

import type { Engine, EngineOptions, Opened } from "../../src/protocol/engine-port.ts";
import { errorToReply } from "../../src/protocol/error-reply.ts";
import { Failure } from "../../src/protocol/failure.ts";
import type { Operation, Reply } from "../../src/protocol/operation.ts";
import { notFound, notImplemented } from "../../src/protocol/request-error.ts";
import { GROUP_WRITES_MAX } from "../path/path.ts";
import type { LockWait } from "../storage/lock.ts";
import type { Archives } from "./archives.ts";
import { Backlog } from "./backlog.ts";
import { contextOf } from "./engine-context.ts";
import type { EngineContext, Handler, ImportHandler } from "./handler.ts";
import { abandonImport, beginImport, type ImportRun } from "./import-run.ts";
import { macrotask } from "./macrotask.ts";
import { OperationQueue } from "./operation-queue.ts";
import { getHandler } from "./routes.ts";
import { isMemoryUnsure, type Session } from "./session.ts";
import { type Place, type SessionParts, Sessions } from "./sessions.ts";
import type { Task } from "./task.ts";
import { Tickets } from "./tickets.ts";
import { Writer } from "./writer.ts";

/** What the composition root gives an engine. */
export interface EngineParts extends SessionParts {
  /** Disturbs whoever sleeps on the path's files; harmless to one that is awake. */
  rouse?(path: string, options: EngineOptions): Promise<void>;
  /** Asked for by the first export or import; absent, both are refused. */
  readonly archives?: ((options: EngineOptions) => Promise<Archives>) | undefined;
  /** With nothing to do for this long, a checkpoint begins. */
  readonly idleMs?: number;
  /** Writes are answered while the graph lacks at most so many vectors that came before. */
  readonly unindexedMax?: number;
}

/** What a request waits for at most while vectors are indexed; a turn of the event loop costs a hundredth of it. */
const INDEX_SLICE_MS = 1;
const IDLE_MS = 2000;

/** A path that was opened, and what works on it. */
interface Ground extends Place {
  readonly sessions: Sessions;
  readonly writer: Writer;
}

type ReadHandler = Extract<Handler, { kind: "read" }>;

export class PathEngine implements Engine {
  readonly #parts: EngineParts;
  readonly #queue: OperationQueue<Task>;
  readonly #tickets = new Tickets();
  readonly #backlog: Backlog;
  #ground: Ground | undefined;
  #import: ImportRun | undefined;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;
  #isIdle = false;
  #opening: Promise<Session> | undefined;
  readonly #closed = new AbortController();
  #closing: Promise<void> | undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#backlog = new Backlog(parts.unindexedMax);
    this.#queue = new OperationQueue<Task>(
      {
        run: (tasks) => this.#run(tasks),
        betweenRuns: () => this.#betweenRuns(),
        background: () => this.#background(),
        idle: () => this.#armIdleTimer(),
      },
      GROUP_WRITES_MAX,
    );
  }

  async open(path: string | null, options: EngineOptions): Promise<Opened> {
    if (this.#ground !== undefined) throw new Error("this engine has a path open already");
    const sessions = new Sessions(this.#parts, { path, options });
    const writer = new Writer(sessions, this.#backlog, {
      contextOf: (session, task) => this.#contextOf(session, task),
      turn: () => this.#serveReads(sessions),
    });
    this.#ground = { path, options, sessions, writer };
    this.#opening = sessions.mustGet(options.waits === true ? this.#wait(options) : undefined);
    const session = await this.#opening;
    this.#queue.wake();
    const { path: opened, storage, createdAt } = session;
    return { lastFrame: opened.lastFrame, createdAt, backend: storage.backend };
  }

  call(operation: Operation): Promise<Reply> {
    const handler = getHandler(operation.method, operation.route);
    if (handler === undefined) {
      const { method, route } = operation;
      return Promise.resolve(errorToReply(notFound(`there is no operation ${method} ${route}`)));
    }
    if (handler.kind === "ticket") {
      const { status, data } = handler.run(this.#tickets.find(operation.path!["ticket"]!));
      return Promise.resolve({ ok: true, status, data });
    }
    if (this.#closing !== undefined) return Promise.resolve(errorToReply(closedFailure()));
    return this.#enqueue(operation, handler);
  }

  async rouse(): Promise<void> {
    if (this.#session !== undefined || !this.#ground?.path) return;
    await this.#parts.rouse?.(this.#ground.path, this.#ground.options);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #enqueue(operation: Operation, handler: Handler): Promise<Reply> {
    const { ticket: name } = operation;
    const isGroupable = handler.kind === "write" && handler.isGroupable(operation);
    const ticket = this.#tickets.begin(name);
    const reply = await new Promise<Reply>((resolve) =>
      this.#queue.push({ operation, handler, isGroupable, ticket, reply: resolve }),
    );
    this.#tickets.end(name);
    return reply;
  }

  get #session(): Session | undefined {
    return this.#ground?.sessions.current;
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
    this.#backlog.release();
    await this.#ground?.sessions.close();
    if (this.#import !== undefined) await abandonImport(this.#import);
    this.#import = undefined;
  }

  async #run(tasks: readonly Task[]): Promise<void> {
    this.#isIdle = false;
    clearTimeout(this.#idleTimer);
    const ground = this.#ground;
    if (ground === undefined) {
      for (const task of tasks) task.reply(errorToReply(closedFailure()));
      return;
    }
    const writes = tasks.filter(({ handler }) => handler.kind === "write");
    if (writes.length > 0) await ground.writer.run(writes);
    for (const task of tasks) {
      if (task.handler.kind === "read") await this.#runRead(ground.sessions, task, task.handler);
      if (task.handler.kind === "import") await this.#runImport(ground, task, task.handler);
    }
  }

  /** Answers the reads that wait, while a write waits for room: they see what was written before it. */
  async #serveReads(sessions: Sessions): Promise<void> {
    await macrotask();
    for (;;) {
      const task = this.#queue.take(({ handler }) => handler.kind === "read");
      if (task?.handler.kind !== "read") return;
      await this.#runRead(sessions, task, task.handler);
    }
  }

  async #runRead(sessions: Sessions, task: Task, handler: ReadHandler): Promise<void> {
    try {
      // A checkpoint may have met a full disk, and broken the path, just before.
      if (sessions.current?.path.isBroken === true) await sessions.drop();
      const session = await sessions.mustGet();
      if (session.path.damage !== undefined && handler.worksOnDamage !== true) throw session.path.damage;
      const { status, data } = await handler.run(task.operation, this.#contextOf(session, task));
      task.reply({ ok: true, status, data });
    } catch (error) {
      task.reply(errorToReply(error));
      if (isMemoryUnsure(error) || sessions.current?.path.isBroken === true) await sessions.drop();
    }
  }

  /** The path is this engine's alone: what opens a path to import into it serves nobody else. */
  async #runImport({ sessions }: Ground, { operation, reply }: Task, handler: ImportHandler): Promise<void> {
    try {
      this.#import ??= await this.#beginImport(sessions);
      const outcome = await handler.run(operation, this.#import.archive);
      if (outcome === "given up") await this.#giveImportUp(sessions);
      if (outcome === "whole") {
        // Believed when it opens, and before anybody else can have the path.
        await sessions.takeBack(this.#import.storage);
        this.#import = undefined;
      }
      reply({ ok: true, status: 200, data: {} });
    } catch (error) {
      await this.#giveImportUp(sessions);
      reply(errorToReply(error));
    }
  }

  async #giveImportUp(sessions: Sessions): Promise<void> {
    const run = this.#import;
    if (run === undefined) return;
    this.#import = undefined;
    await abandonImport(run);
    sessions.writeOff();
  }

  async #beginImport(sessions: Sessions): Promise<ImportRun> {
    const archives = await this.#archives();
    const session = await sessions.mustGet();
    try {
      const run = await beginImport(session, archives, macrotask);
      sessions.lend();
      return run;
    } catch (error) {
      // It may be forgotten already.
      await sessions.drop();
      throw error;
    }
  }

  #contextOf(session: Session, { operation, ticket }: Task): EngineContext {
    return contextOf(session, {
      allowReset: operation.sender?.allowReset ?? this.#ground!.options.allowReset,
      archives: () => this.#archives(),
      ticket,
    });
  }

  async #archives(): Promise<Archives> {
    if (this.#parts.archives === undefined) throw notImplemented("exports and imports are not served here");
    return this.#parts.archives(this.#ground!.options);
  }

  /** One slice of a checkpoint or of indexing; false when there is nothing to do. */
  async #background(): Promise<boolean> {
    const session = this.#session;
    // Closing does not wait for indexing: what the graph lacks is found by scans, and added at the next opening.
    if (session === undefined || this.#closing !== undefined || session.path.isBroken) {
      this.#backlog.release();
      if (session?.path.isBroken === true) await this.#ground?.sessions.drop();
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
    return this.#indexSlice(session);
  }

  /** A moment when nothing is half done. Requests may never stop: what callers wait for goes on between them. */
  async #betweenRuns(): Promise<void> {
    const session = this.#session;
    session?.collections.fit();
    if (session !== undefined && !this.#backlog.isEmpty) await this.#indexSlice(session);
    await this.#session?.goOn();
  }

  async #indexSlice({ collections }: Session): Promise<boolean> {
    try {
      const isIndexing = collections.indexSlice(INDEX_SLICE_MS, this.#backlog.wanted);
      this.#backlog.release(isIndexing ? collections : undefined);
      collections.fit();
      return isIndexing;
    } catch {
      // The next operation meets the cause, and its caller hears of it.
      this.#backlog.release();
      await this.#ground?.sessions.drop();
      return false;
    }
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

function closedFailure(): Failure {
  return new Failure("closed", "the client is closed: make a new one");
}

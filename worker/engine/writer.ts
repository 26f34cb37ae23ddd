// Writes that share one append: each is resolved in memory, all are made durable in the log, then the
// vectors follow and the replies go out. An append that failed drops the session, and each write of the
// group is tried alone: nothing of it was kept. Of one that is given up half-way only its collection is dropped.

import { errorToReply } from "../../src/protocol/error-reply.ts";
import { type Failure, isFailure } from "../../src/protocol/failure.ts";
import type { Reply, Sender } from "../../src/protocol/operation.ts";
import type { PendingWrite } from "../collection/collection.ts";
import { isUntried, untried } from "../path/path.ts";
import type { Write } from "../path/write.ts";
import { parseCollectionId } from "../requests/collection-id.ts";
import type { AnsweredWrite } from "./answered-writes.ts";
import type { Backlog } from "./backlog.ts";
import type { EngineContext, Handler, ResolvedWrite } from "./handler.ts";
import { isMemoryUnsure, type Session } from "./session.ts";
import type { Sessions } from "./sessions.ts";
import type { Task } from "./task.ts";
import { cancelledFailure } from "./tickets.ts";

/** A write that is in memory, and what the log shall hold of it. */
interface ResolvedTask {
  readonly task: Task;
  readonly write: ResolvedWrite;
  readonly entry: Write | undefined;
}

/** What became of tasks in memory. */
interface Resolution {
  readonly resolved: readonly ResolvedTask[];
  /** What others are refused with. It may rest on a write that is not durable yet, and then may not be. */
  readonly refusals: readonly { readonly task: Task; readonly refusal: Reply }[];
  /** These and those, in the order in which they came. */
  readonly tried: readonly Task[];
  /** To be run after these are durable. */
  readonly rest: readonly Task[];
  readonly bug?: unknown;
  /** The collection whose rows have a part of a write that was given up. */
  readonly halfWritten?: string;
}

type WriteHandler = Extract<Handler, { kind: "write" }>;

export interface WriterHost {
  /** What a handler works on, by the settings of whoever sent the operation. */
  contextOf(session: Session, task: Task): EngineContext;
  /** Lets others go on while a write waits for room. */
  turn(): Promise<void>;
}

export class Writer {
  readonly #sessions: Sessions;
  readonly #host: WriterHost;
  readonly #backlog: Backlog;
  /** The last frame when a checkpoint was last tried for want of room. */
  #fullAt: number | undefined;

  constructor(sessions: Sessions, backlog: Backlog, host: WriterHost) {
    this.#sessions = sessions;
    this.#backlog = backlog;
    this.#host = host;
  }

  /**
   * Runs writes that came together and answers each. Never rejects.
   * @param isLastTry  whether they were tried on a path that broke before anything of them was written
   */
  async run(tasks: readonly Task[], isLastTry = false): Promise<void> {
    let session: Session;
    try {
      session = await this.#ready();
    } catch (error) {
      const isBroken = this.#sessions.current?.path.isBroken === true;
      if (isBroken) await this.#sessions.drop();
      if (isBroken && !isLastTry) return this.run(tasks, true);
      for (const task of tasks) task.reply(errorToReply(isBroken ? untried(error) : error));
      return;
    }
    const { resolved, refusals, tried, rest, bug, halfWritten } = await this.#resolve(session, tasks);
    try {
      await append(session, resolved);
    } catch (error) {
      // What these are refused with may rest on what was not kept.
      for (const { operation } of tried) if (operation.sender) session.answered.retract(operation.sender);
      await this.#sessions.drop();
      const reason = session.path.fullBy ?? error;
      if (isFull(reason)) await this.#runRefused(tried, reason);
      else if (isUntried(reason) && !isLastTry) await this.run(tried, true);
      else for (const task of tried) task.reply(errorToReply(reason));
      return this.#runRest(rest);
    }
    for (const { task, refusal } of refusals) task.reply(refusal);
    const failed = this.#commitAndReply(session, resolved);
    // After a bug of ours memory may be ahead of the log: what the log has is what counts.
    if ((bug ?? failed) !== undefined) await this.#sessions.drop();
    else if (halfWritten !== undefined) session.collections.discard(halfWritten);
    await this.#runRest(rest);
  }

  /** A session that takes writes, with as much room as can be made. */
  async #ready(): Promise<Session> {
    // A checkpoint broke the path, or met a full disk: this may be written all the same.
    if (this.#sessions.current?.path.isBroken === true) await this.#sessions.drop();
    const session = await this.#sessions.mustGet();
    if (session.path.damage !== undefined) throw session.path.damage;
    // What makes room may go on without; anything else is refused at the append.
    if (!session.path.hasRoom) {
      await this.#make(session, (turn) => session.checkpointToEnd(turn));
      return this.#sessions.mustGet();
    }
    return session;
  }

  /** Resolves tasks until one has to wait for those before it, or spoils the memory. */
  async #resolve(session: Session, tasks: readonly Task[]): Promise<Resolution> {
    const resolved: ResolvedTask[] = [];
    const refusals: { task: Task; refusal: Reply }[] = [];
    const tried: Task[] = [];
    const resolution = { resolved, refusals, tried };
    const refuse = (task: Task, error: unknown): void => {
      const refusal = errorToReply(error);
      refusals.push({ task, refusal });
      tried.push(task);
      // Sent again, it is refused again: also what was given up stays so.
      const { sender } = task.operation;
      if (sender !== undefined) session.answered.note(sender, refusal);
    };
    for (const [at, task] of tasks.entries()) {
      const { sender } = task.operation;
      if (resolved.some((other) => isSameCall(other.task.operation.sender, sender))) {
        // Sent twice, and the first is not durable yet: its answer is known after this append.
        return { ...resolution, rest: tasks.slice(at) };
      }
      try {
        const answer = sender && session.answered.find(sender);
        if (answer !== undefined) task.reply(answer);
        else if (task.ticket.isCancelled) refuse(task, cancelledFailure());
        else {
          resolved.push(await this.#resolveOne(session, task));
          tried.push(task);
        }
      } catch (error) {
        const rest = tasks.slice(at + 1);
        if (isMemoryUnsure(error)) {
          task.reply(errorToReply(error));
          return { ...resolution, rest, bug: error };
        }
        refuse(task, error);
        if (isCancelled(error)) return { ...resolution, rest, halfWritten: collectionOf(task) };
      }
    }
    return { ...resolution, rest: [] };
  }

  async #resolveOne(session: Session, task: Task): Promise<ResolvedTask> {
    const { sender } = task.operation;
    const handler = task.handler as WriteHandler;
    const write = await handler.resolve(task.operation, this.#host.contextOf(session, task));
    const entry = applyToCatalog(session, write);
    if (sender === undefined) return { task, write, entry };
    if (entry !== undefined) {
      return { task, write, entry: { ...entry, sent: session.answered.draft(sender, write) } };
    }
    session.answered.note(sender, { ok: true, status: write.status, data: write.data });
    return { task, write, entry };
  }

  /** Lets the vectors follow and replies; returns what stopped the vectors, though the writes are durable. */
  #commitAndReply(session: Session, resolved: readonly ResolvedTask[]): unknown {
    try {
      commit(session, resolved);
    } catch (error) {
      for (const { task } of resolved) task.reply(errorToReply(error));
      return error;
    }
    for (const { task, write } of resolved) {
      const { status, data, records } = write;
      const reply = { ok: true, status, data } as const;
      // What adds no vector is ahead of no graph.
      if (records === undefined || records.pending.resolved.vectors.length === 0) task.reply(reply);
      else {
        const place = { collection: records.collection, slotStart: records.pending.slotStart };
        this.#backlog.answer(place, session.collections, task.reply, reply);
      }
    }
    return undefined;
  }

  /** Nothing of these was kept: each is tried alone, and a single one once more when a checkpoint made room. */
  async #runRefused(tasks: readonly Task[], error: Failure): Promise<void> {
    if (tasks.length > 1) {
      for (const task of tasks) await this.run([task]);
      return;
    }
    if (await this.#makeRoom().catch(() => false)) return this.run(tasks);
    for (const task of tasks) {
      const refusal = errorToReply(error);
      const { sender } = task.operation;
      if (sender !== undefined) this.#sessions.current?.answered.note(sender, refusal);
      task.reply(refusal);
    }
  }

  /** Whether it was worth trying: it is not when nothing was written since the last time. */
  async #makeRoom(): Promise<boolean> {
    const session = await this.#sessions.mustGet();
    if (this.#fullAt === session.path.lastFrame) return false;
    this.#fullAt = session.path.lastFrame;
    await this.#make(session, (turn) => session.makeRoom(turn));
    return true;
  }

  /** Gives up where there is no room; and where a read met what drops a session: another one goes on then. */
  async #make(session: Session, run: (turn: () => Promise<void>) => Promise<void>): Promise<void> {
    try {
      await run(() => this.#host.turn());
    } catch (error) {
      if (!isFull(error) && this.#sessions.current === session) throw error;
    }
  }

  async #runRest(rest: readonly Task[]): Promise<void> {
    if (rest.length > 0) await this.run(rest);
  }
}

/** Applies a write's change to the catalog and says what the log shall hold; undefined for nothing. */
function applyToCatalog(
  { catalog, collections }: Session,
  { change, records, frees = false }: ResolvedWrite,
): Write | undefined {
  const deletes = change === undefined ? [] : catalog.apply(change);
  if (change?.type === "updateCollection" && change.hnsw !== undefined) {
    collections.setEfSearch(change.id, change.hnsw.efSearch);
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

/** Makes the writes durable; what they are answered with is known from then on. */
async function append(session: Session, resolved: readonly ResolvedTask[]): Promise<void> {
  const entries = resolved.map(({ entry }) => entry).filter((entry) => entry !== undefined);
  const isStrict = resolved.some(({ task }) => task.operation.durability !== "relaxed");
  if (entries.length > 0) await session.path.append(entries, isStrict ? "strict" : "relaxed");
  // That a strict write changes nothing may rest on relaxed ones.
  else if (isStrict) await session.path.flush();
  for (const { sent } of entries) {
    if (sent !== undefined) session.answered.record(sent as AnsweredWrite, session.path.lastFrame);
  }
}

/** The writes are durable: vectors follow, collections that are gone are closed. */
function commit(session: Session, resolved: readonly ResolvedTask[]): void {
  const pending = new Map<string, PendingWrite[]>();
  for (const { write } of resolved) {
    const { records } = write;
    if (records === undefined) continue;
    const list = pending.get(records.collection) ?? [];
    list.push(records.pending);
    pending.set(records.collection, list);
  }
  for (const [id, list] of pending) session.collections.get(id)?.commit(list);
  session.collections.dropDeleted(resolved.flatMap(({ entry }) => entry?.deletes ?? []));
}

function isSameCall(a: Sender | undefined, b: Sender | undefined): boolean {
  return a !== undefined && a.client === b?.client && a.number === b.number;
}

function isCancelled(error: unknown): boolean {
  return isFailure(error) && error.code === "cancelled";
}

/** Of a write of records whose collection was loaded. */
function collectionOf({ operation }: Task): string {
  return parseCollectionId(operation.path?.["collection_id"] ?? "");
}

function isFull(error: unknown): error is Failure {
  return isFailure(error) && error.code === "storage-full";
}

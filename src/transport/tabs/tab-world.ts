// What a tab needs of the world around it: a worker of its own, a place to meet the other tabs of its
// path, the life of its page, a clock. Tests put other worlds in its place.

import type { Failure } from "../../protocol/failure.ts";
import type { Reach } from "../../protocol/operation.ts";
import type { Candidate, Link } from "./link.ts";
import type { LeaderNotice } from "../../protocol/tab-messages.ts";

export interface TabWorld {
  /** Whether `startWorker` works more than once: not with a worker that the application made. */
  readonly canRestart: boolean;
  /** @throws {Failure}  "worker-start" */
  startWorker(): Promise<Candidate>;
  /** Joins those that have the path open. */
  meet(listener: MeetingListener): Meeting;
  /** Listens to the page; returns how to stop. */
  watchLife(listener: LifeListener): () => void;
  /** Calls `tick` every so often; returns how to stop. */
  every(ms: number, tick: () => void): () => void;
}

export interface LifeListener {
  /** The page is about to sleep, or to end: what holds the path has to go now. */
  suspend(): void;
  /** The page is awake again. */
  resume(): void;
}

/** What is heard at a meeting. */
export interface MeetingListener {
  /** A tab leads. */
  led(leader: LeaderNotice): void;
  /** A tab wants to know who leads. */
  asked(): void;
  /** A tab wants to be connected to the engine of this one. */
  wanted(wire: MessagePort | string): void;
  /** The tab that leads keeps the path's files in another way than this one wants them. */
  refused(failure: Failure): void;
  /** A tab of a newer build is there. */
  outdated(): void;
}

/** Another tab's engine, reached. */
export interface Reached {
  readonly link: Link;
  readonly lastFrame: number;
  readonly reach: Reach;
}

/** A tab among those that have its path open. Whatever is called after `leave` does nothing. */
export interface Meeting {
  /** Asks who leads. */
  ask(): void;
  /** Says that this tab leads. */
  announce(): void;
  /** @throws {Failure}  that tab does not answer */
  reach(leader: LeaderNotice): Promise<Reached>;
  /** For a tab that reaches the leader over a channel: a port to it, where there is a way by now. */
  improve(leader: LeaderNotice): Promise<Reached | undefined>;
  leave(): void;
}

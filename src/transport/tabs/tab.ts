// One tab's share in a path that any number of tabs have open: one leads, and its worker owns the files;
// the others send it their operations and wait in line with workers of their own. Whoever leads may go at
// any moment: what it has not answered is sent to the next. Knows no browser: that is tab-world.ts.

import type { Opened } from "../../protocol/engine-port.ts";
import { errorToReply } from "../../protocol/error-reply.ts";
import { Failure, isFailure } from "../../protocol/failure.ts";
import type { Operation, Reach, Reply } from "../../protocol/operation.ts";
import type { MortalTransport } from "../transport-pool.ts";
import { closedFailure } from "../worker-transport.ts";
import type { Candidate, Link } from "./link.ts";
import { Outbox } from "./outbox.ts";
import type { LeaderNotice } from "../../protocol/tab-messages.ts";
import type { Meeting, TabWorld } from "./tab-world.ts";

/** With calls open and no answer for this long, the tab asks around. */
const watchMs = 500;
/** A worker that another's engine can do without is started again after so long, and after twice that each time. */
const standbyPauseMs = 1000;
const standbyPauseMsMax = 60_000;
/** So many workers may die without an answer in between before the tab gives up. */
const crashesMax = 5;

/** The engine that answers this tab. */
interface Route {
  readonly link: Link;
  readonly reach: Reach;
}

export class Tab implements MortalTransport {
  /** Resolves when this tab is closed or cannot go on; who still wants the path makes a new one. */
  readonly dead: Promise<Failure>;
  readonly #world: TabWorld;
  readonly #outbox: Outbox;
  readonly #die: (failure: Failure) => void;
  readonly #forgetLife: () => void;
  /** Undefined while the page sleeps, and at the end. */
  #meeting: Meeting | undefined;
  /** Our worker: in line, or leading. */
  #own: Candidate | undefined;
  #route: Route | undefined;
  /** The tab that is being reached. */
  #reaching: string | undefined;
  /** What every call is answered with once this tab is at its end. */
  #end: Reply | undefined;
  #closing: Promise<void> | undefined;
  #crashes = 0;
  #standbyPauseMs = standbyPauseMs;
  /** Starts the worker that is paused for; undefined where none is. */
  #endPause: (() => void) | undefined;
  #answeredAtCrash = 0;
  #stopWatching: (() => void) | undefined;
  #answeredAtTick = 0;

  constructor(world: TabWorld, { allowReset }: { readonly allowReset: boolean }) {
    let die: (failure: Failure) => void = () => undefined;
    this.dead = new Promise((resolve) => (die = resolve));
    this.#die = die;
    this.#world = world;
    this.#outbox = new Outbox({ allowReset, onLeaving: (link, reply) => this.#giveUp(link, reply) });
    this.#forgetLife = world.watchLife({ suspend: () => this.#suspend(), resume: () => this.#join() });
    this.#join();
  }

  /** How this tab reaches the engine that answers it; undefined while none does. */
  get reach(): Reach | undefined {
    return this.#route?.reach;
  }

  /** @throws {Failure}  "worker-died": worker after worker died over this call. */
  call(operation: Operation): Promise<Reply> {
    if (this.#end) return Promise.resolve(this.#end);
    this.#watch();
    return this.#outbox.submit(operation);
  }

  /** Lets an engine of this tab end its calls and release the path. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (!this.#end) await this.#retire(closedFailure());
    this.#die(closedFailure());
  }

  #join(): void {
    if (this.#meeting || this.#end) return;
    this.#meeting = this.#world.meet({
      led: (leader) => void this.#follow(leader),
      asked: () => {
        if (this.#isLeading) this.#meeting?.announce();
      },
      wanted: (wire) => {
        // Whoever is not connected asks again: a wire that comes too late is nobody's loss.
        if (this.#isLeading) this.#own?.connect(wire).catch(() => undefined);
      },
      refused: (failure) => this.#fail(failure),
      outdated: () => this.#stepDown(),
    });
    this.#meeting.ask();
    void this.#contend(this.#meeting);
  }

  /** Leaves the path to others at once. */
  #leave(): void {
    this.#meeting?.leave();
    this.#meeting = undefined;
    this.#endPause?.();
    const own = this.#own;
    this.#own = undefined;
    own?.end();
    if (this.#route?.link !== own) this.#route?.link.end();
    this.#unroute();
  }

  #suspend(): void {
    // A worker that the application made cannot be started again.
    if (this.#world.canRestart && !this.#end) this.#leave();
  }

  get #isLeading(): boolean {
    return this.#route?.reach === "own-worker";
  }

  /** Gets in line with a worker of our own, and leads when it is our turn. */
  async #contend(meeting: Meeting): Promise<void> {
    let own: Candidate;
    try {
      own = await this.#world.startWorker();
    } catch (error) {
      if (this.#meeting === meeting) this.#doWithout(meeting, toFailure(error));
      return;
    }
    if (this.#meeting !== meeting) return own.end();
    this.#own = own;
    void own.dead.then((failure) => this.#ownDied(own, failure));
    // A death while waiting is told by `dead`.
    const opened = await own.open().catch(() => undefined);
    if (this.#own !== own || opened === undefined) return;
    if (!opened.ok) return this.#fail(new Failure("closed", "The path could not be opened"), opened);
    if (!this.#isLeading) this.#route?.link.end();
    this.#standbyPauseMs = standbyPauseMs;
    this.#setRoute({ link: own, reach: "own-worker" }, (opened.data as Opened).lastFrame);
    this.#meeting?.announce();
  }

  /** No worker of ours is to be had. Where another tab's engine answers us it is for later, otherwise the end. */
  #doWithout(meeting: Meeting, failure: Failure): void {
    if (!this.#route && this.#reaching === undefined) return this.#fail(failure);
    const stop = this.#world.every(this.#standbyPauseMs, () => this.#endPause?.());
    this.#standbyPauseMs = Math.min(2 * this.#standbyPauseMs, standbyPauseMsMax);
    this.#endPause = () => {
      stop();
      this.#endPause = undefined;
      if (this.#meeting === meeting) void this.#contend(meeting);
    };
  }

  #ownDied(own: Candidate, failure: Failure): void {
    if (this.#own !== own || !this.#meeting || this.#end) return;
    this.#own = undefined;
    if (this.#route?.link === own) this.#unroute();
    this.#outbox.crashed(own);
    const isProgress = this.#outbox.answered > this.#answeredAtCrash;
    this.#answeredAtCrash = this.#outbox.answered;
    this.#crashes = isProgress ? 1 : this.#crashes + 1;
    if (!this.#world.canRestart) return this.#fail(failure);
    if (this.#crashes > crashesMax) return this.#doWithout(this.#meeting, failure);
    this.#meeting.ask();
    void this.#contend(this.#meeting);
  }

  /** An engine said that it is not the one to ask any more. */
  #giveUp(link: Link, reply: Reply): void {
    // It still owes answers to what it was sent before.
    if (this.#end) return;
    const meeting = this.#meeting;
    if (link === this.#own && !this.#world.canRestart) {
      return this.#fail(new Failure("closed", "The path was lost"), reply);
    }
    if (link === this.#own && meeting) {
      this.#own = undefined;
      this.#unroute();
      meeting.ask();
      void this.#contend(meeting);
    }
    link.end();
  }

  /**
   * Connects to the tab that says that it leads, unless one answers us: when that one goes, we ask. Where it
   * answers over a channel, a better wire is tried: its page, or the broker, may have been busy before.
   */
  async #follow(leader: LeaderNotice): Promise<void> {
    const meeting = this.#meeting;
    const before = this.#route;
    const isSlow = before?.reach === "broadcast-channel";
    if (!meeting || (before && !isSlow) || this.#reaching === leader.tab) return;
    this.#reaching = leader.tab;
    const reaching = isSlow ? meeting.improve(leader) : meeting.reach(leader);
    const reached = await reaching.catch(() => undefined);
    const isWanted = this.#meeting === meeting && this.#reaching === leader.tab && this.#route === before;
    if (this.#reaching === leader.tab) this.#reaching = undefined;
    if (!isWanted) return reached?.link.end();
    if (!reached) return isSlow ? undefined : meeting.ask();
    this.#setRoute(reached, reached.lastFrame);
    before?.link.end();
    void reached.link.dead.then(() => {
      if (this.#route?.link !== reached.link) return;
      this.#unroute();
      this.#meeting?.ask();
    });
    if (reached.reach === "broadcast-channel") void this.#follow(leader);
  }

  #setRoute(route: Route, lastFrame: number): void {
    this.#route = route;
    this.#outbox.route(route.link, lastFrame);
  }

  #unroute(): void {
    this.#route = undefined;
    this.#outbox.route(undefined);
  }

  /** A newer build is there: this one makes room for it, and says so to whoever calls. */
  #stepDown(): void {
    if (this.#end) return;
    const reload = "Another tab runs a newer build of Chromalite on this path: reload the page";
    void this.#retire(new Failure("build-outdated", reload));
  }

  /** Ends this tab when the engine that answers it has answered what it was sent; an engine of ours is closed then. */
  async #retire(failure: Failure): Promise<void> {
    const end = errorToReply(failure);
    this.#end = end;
    this.#meeting?.leave();
    this.#outbox.route(undefined);
    const link = this.#route?.link;
    const isFollowing = link !== undefined && !this.#isLeading;
    // An engine of ours answers what it has before it is closed; another tab's is waited for.
    await this.#own?.close();
    if (isFollowing) await Promise.race([this.#outbox.answeredBy(link), link.dead]);
    this.#finish(end, failure.message);
  }

  /** The tab cannot go on. */
  #fail(failure: Failure, reply: Reply = errorToReply(failure)): void {
    if (this.#end) return;
    this.#finish(reply, failure.message);
    this.#die(failure);
  }

  /** Answers with `reply` what is open; a write that an engine was sent may have been carried out. */
  #finish(reply: Reply, why: string): void {
    const unsure = new Failure("outcome-unknown", `${why}. Whether this call was carried out is not known`);
    this.#end = reply;
    this.#forgetLife();
    this.#stopWatching?.();
    this.#leave();
    this.#outbox.answerAll(reply, errorToReply(unsure));
  }

  /** While calls are open: where none is answered the leader may sleep, or its notice may have been missed. */
  #watch(): void {
    this.#stopWatching ??= this.#world.every(watchMs, () => {
      const isProgress = this.#outbox.answered > this.#answeredAtTick;
      this.#answeredAtTick = this.#outbox.answered;
      if (this.#outbox.isEmpty) {
        this.#stopWatching?.();
        this.#stopWatching = undefined;
      } else if (!isProgress && !this.#isLeading) {
        if (!this.#route) {
          this.#meeting?.ask();
          // Nobody may be left to lead.
          this.#endPause?.();
        }
        this.#own?.rouse().catch(() => undefined);
      }
    });
  }
}

function toFailure(error: unknown): Failure {
  return isFailure(error)
    ? error
    : new Failure("worker-start", "The worker could not be started", {}, { cause: error });
}

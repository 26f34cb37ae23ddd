// An origin without a browser: tabs with a bus between them, one lock a path with a line before it, and a
// disk that keeps what was written. Every step of it waits for the test's scheduler, so that a seed draws
// what comes first.

import { errorToReply } from "../../src/protocol/error-reply.ts";
import { Failure } from "../../src/protocol/failure.ts";
import type { Operation, Reply } from "../../src/protocol/operation.ts";
import type { Candidate } from "../../src/transport/tabs/link.ts";
import type { LifeListener, Meeting, MeetingListener, TabWorld } from "../../src/transport/tabs/tab-world.ts";
import { type AnsweredWrite, AnsweredWrites } from "../../worker/engine/answered-writes.ts";

/** Lets `action` happen when the scheduler says so. */
type Later = (what: string, action: () => void) => void;

/** What outlives every tab. */
export class FakeDisk {
  /** Each write that was carried out, in order. */
  readonly done: string[] = [];
  /** Of each, what its frame holds. */
  readonly sent: AnsweredWrite[] = [];
  /** Whether the engine looks a write up before it carries it out. */
  remembers = true;
  /** Whether it remembers what it refused. */
  notes = true;
}

/**
 * A worker in line for the path or leading. Its engine carries out any write, but those of names: "create a" is
 * refused while a is there, and "remove a" while it is not.
 */
class FakeWorker implements Candidate {
  readonly dead: Promise<Failure>;
  readonly call: (operation: Operation) => Promise<Reply>;
  isAlive = true;
  lead: (reply: Reply) => void = () => undefined;
  #die: (failure: Failure) => void = () => undefined;
  #answered: AnsweredWrites | undefined;
  readonly #origin: FakeOrigin;

  constructor(origin: FakeOrigin) {
    this.#origin = origin;
    this.call = this.wire();
    this.dead = new Promise((resolve) => (this.#die = resolve));
  }

  open(): Promise<Reply> {
    return new Promise((resolve) => {
      this.lead = resolve;
      this.#origin.enter(this);
    });
  }

  /** A wire to it: what is sent over one arrives in its order, what is sent over two in any. */
  wire(): (operation: Operation) => Promise<Reply> {
    const { later } = this.#origin;
    const sent: (() => void)[] = [];
    return (operation) =>
      new Promise((resolve, reject) => {
        void this.dead.then(reject);
        sent.push(() => {
          if (!this.isAlive) return;
          const reply = this.#answer(operation);
          later("reply", () => {
            if (this.isAlive) resolve(reply);
          });
        });
        later("request", () => sent.shift()!());
      });
  }

  /** As worker/engine/writer.ts does, without its groups. */
  #answer({ sender, body }: Operation): Reply {
    const { disk } = this.#origin;
    const answered = (this.#answered ??= replay(disk));
    try {
      const known = disk.remembers ? answered.find(sender!) : undefined;
      if (known !== undefined) return known;
    } catch (error) {
      return errorToReply(error);
    }
    const write = String(body);
    const status = resolve(write, disk.done);
    if (status >= 400) {
      const reply: Reply = { ok: false, error: { status, name: "RefusedError", message: write } };
      if (disk.notes) answered.note(sender!, reply);
      return reply;
    }
    const sent = answered.draft(sender!, { status, data: {} });
    disk.done.push(write);
    disk.sent.push(sent);
    answered.record(sent, disk.done.length);
    return { ok: true, status, data: {} };
  }

  connect(wire: MessagePort | string): Promise<Reply> {
    this.#origin.bring(wire as string, this);
    return Promise.resolve({ ok: true, status: 200, data: null });
  }

  rouse(): Promise<Reply> {
    return Promise.resolve({ ok: true, status: 200, data: null });
  }

  end(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    this.#origin.leaveLine(this);
    this.#origin.later("death", () => this.#die(new Failure("worker-died", "ended")));
  }

  /** Calls that came before are answered first: each takes two steps. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#origin.later("drain", () =>
        this.#origin.later("drain", () => {
          this.end();
          resolve();
        }),
      );
    });
  }
}

/** What an engine knows that opens the path. */
function replay({ sent }: FakeDisk): AnsweredWrites {
  const answered = new AnsweredWrites();
  for (const [i, write] of sent.entries()) answered.record(write, i + 1);
  return answered;
}

/** The status of a write after those that are done: names are there from their "create" to their "remove". */
function resolve(write: string, done: readonly string[]): number {
  const [kind, name] = write.split(" ");
  if (kind !== "create" && kind !== "remove") return 201;
  const last = done.findLast((other) => /^(create|remove) /.test(other) && other.split(" ")[1] === name);
  const isThere = last?.startsWith("create ") === true;
  return kind === "create" ? (isThere ? 409 : 200) : isThere ? 200 : 404;
}

interface Member {
  readonly tab: string;
  readonly listener: MeetingListener;
}

export class FakeOrigin {
  readonly disk = new FakeDisk();
  readonly later: Later;
  readonly #line: FakeWorker[] = [];
  readonly #members = new Set<Member>();
  readonly #connectByWire = new Map<string, (worker: FakeWorker) => void>();
  #names = 0;

  constructor(later: Later) {
    this.later = later;
  }

  /** The other end of a wire has come to `worker`. */
  bring(wire: string, worker: FakeWorker): void {
    this.#connectByWire.get(wire)?.(worker);
  }

  enter(worker: FakeWorker): void {
    if (!worker.isAlive) return;
    this.#line.push(worker);
    if (this.#line[0] === worker) this.#crown();
  }

  leaveLine(worker: FakeWorker): void {
    const place = this.#line.indexOf(worker);
    if (place < 0) return;
    this.#line.splice(place, 1);
    if (place === 0) this.#crown();
  }

  #crown(): void {
    const next = this.#line[0];
    this.later("lock", () => {
      if (next?.isAlive) next.lead({ ok: true, status: 200, data: { lastFrame: this.disk.done.length } });
    });
  }

  /** A tab's world, and what can happen to it. */
  world(): { world: TabWorld; crash: () => void; life: () => LifeListener; tick: () => void } {
    let worker: FakeWorker | undefined;
    let life: LifeListener | undefined;
    const ticks = new Set<() => void>();
    const world: TabWorld = {
      canRestart: true,
      startWorker: () =>
        new Promise((resolve) =>
          this.later("start", () => {
            worker = new FakeWorker(this);
            resolve(worker);
          }),
        ),
      meet: (listener) => this.#meet(listener),
      watchLife: (listener) => {
        life = listener;
        return () => undefined;
      },
      every: (_, tick) => {
        ticks.add(tick);
        return () => ticks.delete(tick);
      },
    };
    return {
      world,
      crash: () => worker?.end(),
      life: () => life!,
      tick: () => {
        for (const tick of ticks) tick();
      },
    };
  }

  #meet(listener: MeetingListener): Meeting {
    const member: Member = { tab: `tab ${++this.#names}`, listener };
    this.#members.add(member);
    const tell = (say: (listener: MeetingListener) => void): void => {
      for (const other of this.#members) {
        if (other === member || !this.#members.has(member)) continue;
        this.later("notice", () => {
          if (this.#members.has(other)) say(other.listener);
        });
      }
    };
    return {
      ask: () => tell((other) => other.asked()),
      announce: () => tell((other) => other.led({ tab: member.tab, broker: null })),
      reach: ({ tab }) =>
        new Promise((resolve, reject) => {
          const wire = `wire ${++this.#names}`;
          this.#connectByWire.set(wire, (worker) => {
            // A follower's end of the wire: its giving up does not end the leader.
            const link = {
              dead: worker.dead,
              call: worker.wire(),
              end: () => undefined,
            };
            this.later("ready", () =>
              resolve({ link, reach: "message-port", lastFrame: this.disk.done.length }),
            );
          });
          this.later("introduction", () => {
            for (const other of this.#members) if (other.tab === tab) other.listener.wanted(wire);
            this.later("time-out", () => reject(new Failure("worker-start", "no answer")));
          });
        }),
      improve: () => Promise.resolve(undefined),
      leave: () => this.#members.delete(member),
    };
  }
}

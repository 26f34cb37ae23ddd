// The meeting over real channels: notices, wires of both kinds, other builds, a broker that dies. The broker's
// SharedWorker is the one thing that Node has not.

import type { Endpoint } from "comlink";
import { afterEach, expect, test, vi } from "vitest";
import { handshakeVersion } from "../../src/protocol/engine-port.ts";
import { adoptWire } from "../../src/transport/engine-worker.ts";
import { joinMeeting } from "../../src/transport/tabs/path-meeting.ts";
import { channelName, type LeaderNotice } from "../../src/protocol/tab-messages.ts";
import type { Meeting, MeetingListener } from "../../src/transport/tabs/tab-world.ts";
import { WorkerTransport } from "../../src/transport/worker-transport.ts";
import { serve } from "../../worker/serve.ts";
import { FakeEngine } from "../client/fake-engine.ts";
import { FakeLocks } from "./fake-locks.ts";

const engine = { allowReset: false };
const heartbeat = { method: "get", route: "/api/v2/heartbeat" } as const;
let paths = 0;
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A broker as worker/broker.ts is one, in this thread. */
class FakeBroker {
  readonly #ports = new Map<string, MessagePort>();
  readonly name = `broker-${crypto.randomUUID()}`;
  losesPorts = false;
  starts = 0;
  /** Through which its answers go. */
  readonly door = new Door();
  readonly start = (): SharedWorker => {
    this.starts += 1;
    const { port1, port2 } = new MessageChannel();
    port2.addEventListener("message", ({ data, ports }: MessageEvent<{ tab?: string; to?: string }>) => {
      if (data.to !== undefined && !this.losesPorts) this.#ports.get(data.to)?.postMessage({}, [ports[0]!]);
      if (data.tab === undefined) return;
      this.#ports.set(data.tab, port2);
      this.door.pass(() => port2.postMessage({ broker: this.name }));
    });
    port2.start();
    closing.push(() => port2.close());
    return Object.assign(new EventTarget(), { port: port1, onerror: null });
  };
}

const noBroker = (): SharedWorker => {
  throw new ReferenceError("SharedWorker is not defined");
};

const locks = new FakeLocks().install();

/** Time that passes when a test says so. Ports and channels go on. */
function holdClock() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  let isHeld = true;
  const release = (): void => {
    if (isHeld) vi.useRealTimers();
    isHeld = false;
  };
  closing.push(release);
  const pass = async (ms: number): Promise<void> => {
    // Each message takes a turn or two of the event loop, and none is waited for longer than it takes.
    for (let turn = 0; turn < 100; turn++) await new Promise((next) => setImmediate(next));
    await vi.advanceTimersByTimeAsync(ms);
  };
  return {
    pass,
    /** Lets as many time-outs pass as there are. */
    run: async () => {
      for (let second = 0; second < 5; second++) await pass(1000);
      release();
    },
  };
}

/** What comes to somebody who is busy waits. */
class Door {
  #enter: ((action: () => void) => void) | undefined;
  readonly #waiting: (() => void)[] = [];
  /** Resolves when something waits. */
  held: Promise<void> = Promise.resolve();

  hold(): void {
    this.held = new Promise((resolve) => {
      this.#enter = (action) => {
        this.#waiting.push(action);
        resolve();
      };
    });
  }
  free(): void {
    this.#enter = undefined;
    for (const action of this.#waiting.splice(0)) action();
  }
  pass(action: () => void): void {
    if (this.#enter) this.#enter(action);
    else action();
  }
}

function join(path: string, startBroker: () => SharedWorker, heard: Partial<MeetingListener> = {}): Meeting {
  const silent = { led() {}, asked() {}, wanted() {}, refused() {}, outdated() {} };
  const meeting = joinMeeting({ path, engine, startBroker }, { ...silent, ...heard });
  closing.push(() => meeting.leave());
  return meeting;
}

/** A tab that leads: it brings whoever wants it to an engine, as the worker of a tab does. Page and worker can be busy. */
async function lead(path: string, startBroker: () => SharedWorker): Promise<{ page: Door; worker: Door }> {
  const doors = { page: new Door(), worker: new Door() };
  const { port1, port2 } = new MessageChannel();
  serve(new FakeEngine(), behind(doors.worker, port2));
  closing.push(() => port1.close());
  const remote = await startWorker(port1);
  const meeting = join(path, startBroker, {
    asked: () => meeting.announce(),
    wanted: (wire) => doors.page.pass(() => void remote.connect(wire).catch(() => undefined)),
  });
  return doors;
}

/** A worker's end of its port, of which nothing is heard while the worker is busy. */
function behind(door: Door, port: MessagePort): Endpoint {
  const relay = new MessageChannel();
  port.addEventListener("message", ({ data, ports }: MessageEvent<unknown>) =>
    door.pass(() => relay.port1.postMessage(data, [...ports])),
  );
  relay.port1.addEventListener("message", ({ data }: MessageEvent<unknown>) => port.postMessage(data));
  port.start();
  relay.port1.start();
  closing.push(() => relay.port1.close());
  return relay.port2;
}

/** What a tab's own worker is to it. */
async function startWorker(port: MessagePort): Promise<WorkerTransport> {
  const transport = await WorkerTransport.greet(adoptWire(port), { keepsOperations: true });
  await transport.open("p", engine);
  return transport;
}

function newPath(): string {
  return `meeting-${++paths}`;
}

/** A tab that asks who leads, and what it hears. */
async function findLeader(path: string, startBroker: () => SharedWorker) {
  let tell: (leader: LeaderNotice) => void = () => undefined;
  const notices = { next: () => new Promise<LeaderNotice>((resolve) => (tell = resolve)) };
  const first = notices.next();
  const meeting = join(path, startBroker, { led: (leader) => tell(leader) });
  meeting.ask();
  return { meeting, leader: await first, notices };
}

test("who asks hears who leads, and reaches its engine over a port of the broker", async () => {
  const path = newPath();
  const broker = new FakeBroker();
  await lead(path, broker.start);
  const { meeting, leader } = await findLeader(path, broker.start);
  const { link, reach, lastFrame } = await meeting.reach(leader);
  expect([reach, lastFrame]).toEqual(["message-port", 0]);
  expect(await link.call(heartbeat)).toMatchObject({ ok: true });
  link.end();
});

test.each([
  ["without brokers", noBroker, noBroker],
  ["with two brokers that know different tabs", new FakeBroker().start, new FakeBroker().start],
])("%s a BroadcastChannel of two is the wire", async (_, ofLeader, ofFollower) => {
  const path = newPath();
  await lead(path, ofLeader);
  const { meeting, leader } = await findLeader(path, ofFollower);
  const { link, reach } = await meeting.reach(leader);
  expect(reach).toBe("broadcast-channel");
  expect(await link.call(heartbeat)).toMatchObject({ ok: true });
  link.end();
});

test("a broker that brings no port to a tab that hears us is not tried again: a channel is the wire", async () => {
  const path = newPath();
  const broker = new FakeBroker();
  await lead(path, broker.start);
  const { meeting, leader } = await findLeader(path, broker.start);
  broker.losesPorts = true;
  const clock = holdClock();
  const reaching = meeting
    .reach(leader)
    .then(async (first) => [first, await meeting.improve(leader)] as const);
  await clock.run();
  const [first, better] = await reaching;
  expect([first.reach, better]).toEqual(["broadcast-channel", undefined]);
  broker.losesPorts = false;
  const second = await meeting.reach(leader);
  expect(second.reach).toBe("broadcast-channel");
  first.link.end();
  second.link.end();
});

test("the worker of a leader may be busy for as long as it likes: its page answers for it", async () => {
  const path = newPath();
  const broker = new FakeBroker();
  const { worker } = await lead(path, broker.start);
  const { meeting, leader } = await findLeader(path, broker.start);
  worker.hold();
  const clock = holdClock();
  const reaching = meeting.reach(leader);
  await worker.held;
  await clock.pass(60_000);
  worker.free();
  const { link, reach } = await reaching;
  expect(reach).toBe("message-port");
  expect(await link.call(heartbeat)).toMatchObject({ ok: true });
  link.end();
});

test("a page that was busy over the first wire is reached by a port in the end", async () => {
  const path = newPath();
  const broker = new FakeBroker();
  const { page } = await lead(path, broker.start);
  const { meeting, leader } = await findLeader(path, broker.start);
  page.hold();
  const clock = holdClock();
  const reaching = meeting.reach(leader);
  await page.held;
  await clock.pass(1000);
  page.free();
  const slow = await reaching;
  const fast = await meeting.improve(leader);
  expect([slow.reach, fast?.reach]).toEqual(["broadcast-channel", "message-port"]);
  slow.link.end();
  fast?.link.end();
});

test("a broker that answers late is told of, and used from then on", async () => {
  const path = newPath();
  const broker = new FakeBroker();
  await lead(path, broker.start);
  await findLeader(path, broker.start);
  broker.door.hold();
  const clock = holdClock();
  const { meeting, leader, notices } = await findLeader(path, broker.start);
  const reaching = meeting.reach(leader);
  await clock.run();
  const slow = await reaching;
  const noticed = notices.next();
  broker.door.free();
  const fast = await meeting.improve(await noticed);
  expect([slow.reach, fast?.reach]).toEqual(["broadcast-channel", "message-port"]);
  slow.link.end();
  fast?.link.end();
});

test("a channel that was given up takes what is said over it later, and nobody hears of it", async () => {
  const path = newPath();
  await lead(path, noBroker);
  const { meeting, leader } = await findLeader(path, noBroker);
  const made: BroadcastChannel[] = [];
  vi.stubGlobal(
    "BroadcastChannel",
    class extends BroadcastChannel {
      constructor(name: string) {
        super(name);
        made.push(this);
      }
    },
  );
  closing.push(() => vi.unstubAllGlobals());
  const { link } = await meeting.reach(leader);
  const [wire] = made;
  link.end();
  await link.dead;
  // As Comlink does, when its proxy is collected.
  expect(() => wire!.postMessage({ type: "RELEASE" })).not.toThrow();
});

test("a page that answers on no wire is not reached; nobody is blamed", async () => {
  const path = newPath();
  const broker = new FakeBroker();
  await lead(path, broker.start);
  const { meeting, leader } = await findLeader(path, broker.start);
  const clock = holdClock();
  const reaching = meeting.reach({ ...leader, tab: "a tab that is gone" });
  const outcome = expect(reaching).rejects.toMatchObject({ code: "worker-start" });
  await clock.run();
  await outcome;
  const { link, reach } = await meeting.reach(leader);
  expect(reach).toBe("message-port");
  link.end();
});

test("a busy worker that dies is not waited for", async () => {
  const { port1, port2 } = new MessageChannel();
  closing.push(() => port2.close());
  const die = locks.hold("lock of the busy worker");
  const greeting = WorkerTransport.greet(adoptWire(port1));
  const outcome = expect(greeting).rejects.toMatchObject({ code: "worker-start" });
  port2.postMessage({ chromalite: "introduced", lock: "lock of the busy worker" });
  await vi.waitUntil(() => locks.isAwaited("lock of the busy worker"));
  die();
  await outcome;
});

test.each([
  ["that answers once more is alive", 2, undefined],
  ["that answers no more is dead", 1, "worker-start"],
] as const)("a worker whose lock is free as soon as it has greeted and %s", async (_, answers, code) => {
  const { port1, port2 } = new MessageChannel();
  closing.push(() => port2.close());
  let greetings = 0;
  port2.addEventListener("message", () => {
    if (++greetings > answers) return;
    port2.postMessage({ chromalite: "ready", version: handshakeVersion, lock: "lock out of sight" });
  });
  port2.start();
  const greeting = WorkerTransport.greet(adoptWire(port1), { startTimeoutMs: 100 });
  if (code === undefined) (await greeting).end();
  else await expect(greeting).rejects.toMatchObject({ code });
  expect(greetings).toBe(2);
});

test("a broker that dies is followed by another, and one whose lock is out of sight is asked once", async () => {
  const path = newPath();
  const [mortal, hidden] = [new FakeBroker(), new FakeBroker()];
  const die = locks.hold(mortal.name);
  await lead(path, hidden.start);
  const { notices } = await findLeader(path, mortal.start);
  await vi.waitUntil(() => locks.isAwaited(mortal.name));
  const again = notices.next();
  die();
  expect((await again).broker).toBe(hidden.name);
  expect([mortal.starts, hidden.starts]).toEqual([2, 1]);
});

test("a tab that leaves takes its listeners along: Chromium keeps its port to the broker as long as the page", async () => {
  const path = newPath();
  const signals: (AbortSignal | undefined)[] = [];
  const note = <T extends EventTarget>(target: T): T => {
    const add = target.addEventListener.bind(target);
    target.addEventListener = (...args: Parameters<EventTarget["addEventListener"]>) => {
      signals.push((args[2] as AddEventListenerOptions | undefined)?.signal);
      add(...args);
    };
    return target;
  };
  const startBroker = (): SharedWorker => {
    const worker = note(new FakeBroker().start());
    note(worker.port);
    return worker;
  };
  const isLed = new Promise<void>((resolve) => void join(path, noBroker, { led: () => resolve() }));
  const meeting = join(path, startBroker);
  // Once its broker has answered.
  meeting.announce();
  await isLed;
  expect(signals.map((signal) => signal?.aborted)).toEqual([false, false]);
  meeting.leave();
  expect(signals.map((signal) => signal?.aborted)).toEqual([true, true]);
});

test("the worker that leads closes a channel when its tab has given it up", async () => {
  const path = newPath();
  await lead(path, noBroker);
  const { meeting, leader } = await findLeader(path, noBroker);
  const open = new Set<BroadcastChannel>();
  vi.stubGlobal(
    "BroadcastChannel",
    class extends BroadcastChannel {
      constructor(name: string) {
        super(name);
        open.add(this);
      }
      override close(): void {
        open.delete(this);
        super.close();
      }
    },
  );
  closing.push(() => vi.unstubAllGlobals());
  const { link } = await meeting.reach(leader);
  expect(open.size).toBe(2);
  const call = link.call(heartbeat);
  link.end();
  // Its answer is for nobody.
  await expect(call).rejects.toMatchObject({ code: "worker-died" });
  await vi.waitUntil(() => open.size === 0);
});

test("meetings of two paths do not hear each other", async () => {
  const path = newPath();
  const heard: string[] = [];
  join(newPath(), noBroker, { asked: () => heard.push("asked") });
  const asked = new Promise<void>((resolve) => {
    join(path, noBroker, { asked: resolve });
  });
  join(path, noBroker).ask();
  await asked;
  expect(heard).toEqual([]);
});

test("a newer build is heard of in any message; an older one is told that it is older", async () => {
  const path = newPath();
  const outdated = new Promise<void>((resolve) => {
    join(path, noBroker, { outdated: resolve });
  });
  const other = new BroadcastChannel(channelName(path));
  closing.push(() => other.close());
  other.postMessage({
    chromalite: "tabs",
    version: handshakeVersion - 1,
    type: "what only the old one says",
  });
  const told = await new Promise<unknown>((resolve) => {
    other.addEventListener("message", ({ data }) => resolve(data), { once: true });
  });
  expect(told).toMatchObject({ chromalite: "tabs", version: handshakeVersion });
  other.postMessage({
    chromalite: "tabs",
    version: handshakeVersion + 1,
    type: "what only the new one says",
  });
  await outdated;
});

// The meeting over real channels: notices, wires of both kinds, other builds, a broker that dies. The broker's
// SharedWorker is the one thing that Node has not.

import { afterEach, expect, test } from "vitest";
import { handshakeVersion } from "../../src/protocol/engine-port.ts";
import { adoptWire } from "../../src/transport/engine-worker.ts";
import { joinMeeting } from "../../src/transport/tabs/path-meeting.ts";
import { channelName, type LeaderNotice } from "../../src/transport/tabs/tab-messages.ts";
import type { Meeting, MeetingListener } from "../../src/transport/tabs/tab-world.ts";
import { WorkerTransport } from "../../src/transport/worker-transport.ts";
import { serve } from "../../worker/serve.ts";
import { FakeEngine } from "../client/fake-engine.ts";

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
  readonly #name = `broker-${crypto.randomUUID()}`;
  readonly start = (): SharedWorker => {
    const { port1, port2 } = new MessageChannel();
    port2.addEventListener("message", ({ data, ports }: MessageEvent<{ tab?: string; to?: string }>) => {
      if (data.to !== undefined) this.#ports.get(data.to)?.postMessage({}, [ports[0]!]);
      if (data.tab === undefined) return;
      this.#ports.set(data.tab, port2);
      port2.postMessage({ broker: this.#name });
    });
    port2.start();
    closing.push(() => port2.close());
    return Object.assign(new EventTarget(), { port: port1, onerror: null });
  };
}

const noBroker = (): SharedWorker => {
  throw new ReferenceError("SharedWorker is not defined");
};

/** Web Locks, which Node 20 has not: nobody dies here. */
Object.defineProperty(
  globalThis.navigator ?? Object.assign(globalThis, { navigator: {} }).navigator,
  "locks",
  {
    configurable: true,
    value: { request: () => new Promise(() => undefined) },
  },
);

function join(path: string, startBroker: () => SharedWorker, heard: Partial<MeetingListener> = {}): Meeting {
  const silent = { led() {}, asked() {}, wanted() {}, outdated() {} };
  const meeting = joinMeeting({ path, engine, startBroker }, { ...silent, ...heard });
  closing.push(() => meeting.leave());
  return meeting;
}

/** A tab that leads: it brings whoever wants it to an engine, as the worker of a tab does. */
function lead(path: string, startBroker: () => SharedWorker): Meeting {
  const { port1, port2 } = new MessageChannel();
  serve(new FakeEngine(), port2);
  closing.push(() => port1.close());
  const remote = worker(port1);
  const meeting = join(path, startBroker, {
    asked: () => meeting.announce(),
    wanted: (wire) => void remote.connect(wire),
  });
  return meeting;
}

/** What a tab's own worker is to it. */
function worker(port: MessagePort) {
  const started = WorkerTransport.greet(adoptWire(port), { keepsOperations: true }).then(
    async (transport) => {
      await transport.open("p", engine);
      return transport;
    },
  );
  return { connect: async (wire: MessagePort | string) => (await started).connect(wire) };
}

function newPath(): string {
  return `meeting-${++paths}`;
}

/** Asks until a leader is heard. */
function findLeader(
  path: string,
  startBroker: () => SharedWorker,
): Promise<{ meeting: Meeting; leader: LeaderNotice }> {
  return new Promise((resolve) => {
    const meeting = join(path, startBroker, { led: (leader) => resolve({ meeting, leader }) });
    meeting.ask();
  });
}

test("who asks hears who leads, and reaches its engine over a port of the broker", async () => {
  const path = newPath();
  const broker = new FakeBroker();
  lead(path, broker.start);
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
  lead(path, ofLeader);
  const { meeting, leader } = await findLeader(path, ofFollower);
  const { link, reach } = await meeting.reach(leader);
  expect(reach).toBe("broadcast-channel");
  expect(await link.call(heartbeat)).toMatchObject({ ok: true });
  link.end();
});

test("a broker that gets no port through is not trusted again: the next wire is a channel", async () => {
  const path = newPath();
  const broker = new FakeBroker();
  lead(path, broker.start);
  const { meeting, leader } = await findLeader(path, broker.start);
  const gone = { ...leader, tab: "a tab that the broker does not know" };
  await expect(meeting.reach(gone)).rejects.toMatchObject({ code: "worker-start" });
  const { link, reach } = await meeting.reach(leader);
  expect(reach).toBe("broadcast-channel");
  link.end();
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

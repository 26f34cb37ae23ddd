// The meeting of one path's tabs in a browser: a BroadcastChannel for what all shall hear, the broker for
// wires between two. Without a broker that both know, a BroadcastChannel of their own is the wire.

import type { EngineOptions, Opened } from "../../protocol/engine-port.ts";
import { handshakeVersion } from "../../protocol/engine-port.ts";
import { Failure } from "../../protocol/failure.ts";
import type { Reach } from "../../protocol/operation.ts";
import { adoptWire } from "../engine-worker.ts";
import { WorkerTransport } from "../worker-transport.ts";
import { BrokerLink } from "./broker-link.ts";
import {
  channelName,
  openEnvelope,
  toEnvelope,
  type LeaderNotice,
  type TabMessage,
} from "../../protocol/tab-messages.ts";
import type { Meeting, MeetingListener, Reached } from "./tab-world.ts";

/** How long the page of a leader may take to answer; its worker is waited for as long as it lives. */
const reachTimeoutMs = 1000;

export interface MeetingPlace {
  /** Canonical. */
  readonly path: string;
  readonly engine: EngineOptions;
  readonly startBroker: () => SharedWorker;
}

export function joinMeeting({ path, engine, startBroker }: MeetingPlace, listener: MeetingListener): Meeting {
  const tab = crypto.randomUUID();
  const channel = new BroadcastChannel(channelName(path));
  const link = new BrokerLink({
    start: startBroker,
    tab,
    onPort: (port) => listener.wanted(port),
    // Whoever leads says so anew, with the name of the broker that knows it now; whoever follows asks.
    onNewBroker: () => {
      listener.asked();
      post({ type: "who leads" });
    },
  });
  /** The leader that we reach over a channel, and to whom the broker brought no port: it may be dying. */
  let unbrokered: string | undefined;
  let lastNotice: LeaderNotice | undefined;
  let hasLeft = false;
  const post = (message: TabMessage): void => {
    if (!hasLeft) channel.postMessage(toEnvelope(message));
  };

  channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    const envelope = openEnvelope(data);
    if (!envelope || hasLeft) return;
    const { version, message } = envelope;
    if (version > handshakeVersion) return listener.outdated();
    // An older build hears from any message of ours that it has to make room.
    if (!message) return post({ type: "who leads" });
    if (message.type === "who leads") listener.asked();
    else if (message.type === "I lead") listener.led((lastNotice = message));
    else if (message.tab === tab) listener.wanted(message.wire);
  });

  const connect = async (wire: MessagePort | BroadcastChannel, reach: Reach): Promise<Reached> => {
    const reached = await WorkerTransport.greet(adoptWire(wire), {
      startTimeoutMs: reachTimeoutMs,
      keepsOperations: true,
    });
    const opened = await reached.open(path, engine);
    const { backend = engine.backend, lastFrame } = (opened.ok ? opened.data : {}) as Partial<Opened>;
    if (lastFrame !== undefined && (engine.backend ?? backend) === backend) {
      return { link: reached, reach, lastFrame };
    }
    reached.end();
    if (lastFrame !== undefined) {
      const found = `"${path}" is open in another tab on ${backend}: expected ${engine.backend}`;
      listener.refused(new Failure("path-locked", found, { path }));
    }
    throw new Failure("worker-died", "The tab that leads has no path open for this one");
  };

  /** Whether a broker knows both tabs, and is trusted. */
  const hasBroker = async (leader: LeaderNotice): Promise<boolean> => {
    const own = await link.broker;
    // The leader may have found another since.
    const { broker } = lastNotice?.tab === leader.tab ? lastNotice : leader;
    return own !== null && own === broker && leader.tab !== unbrokered;
  };

  /** Undefined where no broker brings the port there, or the page does not answer. */
  const reachByPort = async (leader: LeaderNotice): Promise<Reached | undefined> => {
    if (!(await hasBroker(leader))) return undefined;
    const { port1, port2 } = new MessageChannel();
    link.introduce(leader.tab, port2);
    return connect(port1, "message-port").catch(() => undefined);
  };

  const reachByChannel = async (leader: LeaderNotice): Promise<Reached> => {
    const wire = `${channelName(path)}:${crypto.randomUUID()}`;
    const letGo = await holdLock(wire);
    const endpoint = new BroadcastChannel(wire);
    post({ type: "connect", tab: leader.tab, wire });
    try {
      const reached = await connect(endpoint, "broadcast-channel");
      void reached.link.dead.then(letGo);
      return reached;
    } catch (error) {
      letGo();
      throw error;
    }
  };

  return {
    ask: () => post({ type: "who leads" }),
    announce: () => void link.broker.then((id) => post({ type: "I lead", tab, broker: id })),
    reach: async (leader) => (await reachByPort(leader)) ?? reachByChannel(leader),
    async improve(leader) {
      if (!(await hasBroker(leader))) return undefined;
      const reached = await reachByPort(leader);
      // Its page answered just now, so it is not too busy.
      if (!reached) unbrokered = leader.tab;
      return reached;
    },
    leave() {
      if (hasLeft) return;
      hasLeft = true;
      channel.close();
      link.close();
    },
  };
}

/** Tells the worker at the other end of a channel, which hears of no closing, how long this tab uses it. */
function holdLock(wire: string): Promise<() => void> {
  return new Promise((resolve) => {
    void navigator.locks.request(wire, () => new Promise<void>((letGo) => resolve(letGo)));
  });
}

// The meeting of one path's tabs in a browser: a BroadcastChannel for what all shall hear, the broker for
// wires between two. Without a broker that both know, a BroadcastChannel of their own is the wire.

import type { EngineOptions, Opened } from "../../protocol/engine-port.ts";
import { handshakeVersion } from "../../protocol/engine-port.ts";
import { Failure } from "../../protocol/failure.ts";
import type { Reach } from "../../protocol/operation.ts";
import { adoptWire } from "../engine-worker.ts";
import { WorkerTransport } from "../worker-transport.ts";
import { BrokerLink } from "./broker-link.ts";
import { channelName, openEnvelope, toEnvelope, type LeaderNotice, type TabMessage } from "./tab-messages.ts";
import type { Meeting, MeetingListener, Reached } from "./tab-world.ts";

/** How long the page of a leader may take to answer; its worker is waited for as long as it lives. */
const reachTimeoutMs = 1000;
/** How long the broker may take to bring a port to a page that has just answered. */
const brokerTimeoutMs = 300;

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
    // Whoever leads says so anew, with the name of the broker that knows it now.
    onNewBroker: () => listener.asked(),
  });
  /** A broker that brings no port to a tab that hears us all the same: it may be dying. */
  let failedBroker: string | null = null;
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

  const connect = async (
    wire: MessagePort | BroadcastChannel,
    reach: Reach,
    startTimeoutMs: number,
  ): Promise<Reached> => {
    const reached = await WorkerTransport.greet(adoptWire(wire), { startTimeoutMs, keepsOperations: true });
    const opened = await reached.open(path, engine);
    if (opened.ok) return { link: reached, reach, lastFrame: (opened.data as Opened).lastFrame };
    reached.end();
    throw new Failure("worker-died", "The tab that leads has no path open");
  };

  /** The broker that knows both tabs, and is trusted. */
  const commonBroker = async (leader: LeaderNotice): Promise<string | null> => {
    const own = await link.broker;
    // The leader may have found another since.
    const { broker } = lastNotice?.tab === leader.tab ? lastNotice : leader;
    return own === broker && own !== failedBroker ? own : null;
  };

  /** Undefined where the page does not answer. */
  const reachByPort = async ({ tab }: LeaderNotice, timeoutMs: number): Promise<Reached | undefined> => {
    const { port1, port2 } = new MessageChannel();
    link.introduce(tab, port2);
    return connect(port1, "message-port", timeoutMs).catch(() => undefined);
  };

  const reachByChannel = (leader: LeaderNotice): Promise<Reached> => {
    const wire = `${channelName(path)}:${crypto.randomUUID()}`;
    const endpoint = new BroadcastChannel(wire);
    post({ type: "connect", tab: leader.tab, wire });
    return connect(endpoint, "broadcast-channel", reachTimeoutMs);
  };

  return {
    ask: () => post({ type: "who leads" }),
    announce: () => void link.broker.then((id) => post({ type: "I lead", tab, broker: id })),
    async reach(leader) {
      const hasBroker = (await commonBroker(leader)) !== null;
      const reached = hasBroker ? await reachByPort(leader, reachTimeoutMs) : undefined;
      if (reached) return reached;
      const slow = await reachByChannel(leader);
      // Its page answers now. It may have been busy before, and only then is the broker not to blame.
      const broker = await commonBroker(leader);
      if (broker === null) return slow;
      const fast = await reachByPort(leader, brokerTimeoutMs);
      if (fast) slow.link.end();
      else failedBroker = broker;
      return fast ?? slow;
    },
    leave() {
      if (hasLeft) return;
      hasLeft = true;
      channel.close();
      link.close();
    },
  };
}

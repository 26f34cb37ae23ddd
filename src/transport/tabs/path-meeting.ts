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

/** How long a leader may take to answer before it is asked for again. */
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
    // Whoever leads says so anew, with the name of the broker that knows it now.
    onNewBroker: () => listener.asked(),
  });
  /** A broker that did not get a port through: it may be dying. */
  let failedBroker: string | null = null;
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
    else if (message.type === "I lead") listener.led(message);
    else if (message.tab === tab) listener.wanted(message.wire);
  });

  const openWire = async (leader: LeaderNotice): Promise<[MessagePort | BroadcastChannel, Reach]> => {
    const own = await link.broker;
    if (own !== null && own === leader.broker && own !== failedBroker) {
      const { port1, port2 } = new MessageChannel();
      link.introduce(leader.tab, port2);
      return [port1, "message-port"];
    }
    const wire = `${channelName(path)}:${crypto.randomUUID()}`;
    const endpoint = new BroadcastChannel(wire);
    post({ type: "connect", tab: leader.tab, wire });
    return [endpoint, "broadcast-channel"];
  };

  return {
    ask: () => post({ type: "who leads" }),
    announce: () => void link.broker.then((id) => post({ type: "I lead", tab, broker: id })),
    async reach(leader): Promise<Reached> {
      const [wire, reach] = await openWire(leader);
      const reached = await WorkerTransport.greet(adoptWire(wire), {
        startTimeoutMs: reachTimeoutMs,
        keepsOperations: true,
      }).catch((error: unknown) => {
        if (reach === "message-port") failedBroker = leader.broker;
        throw error;
      });
      const opened = await reached.open(path, engine);
      if (!opened.ok) {
        reached.end();
        throw new Failure("worker-died", "The tab that leads has no path open");
      }
      return { link: reached, reach, lastFrame: (opened.data as Opened).lastFrame };
    },
    leave() {
      if (hasLeft) return;
      hasLeft = true;
      channel.close();
      link.close();
    },
  };
}

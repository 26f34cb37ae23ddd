// A tab's line to the broker (worker/broker.ts), the SharedWorker that hands MessagePorts from tab to tab.
// Where there is none, its script is missing or says nothing, the tab goes without.

/** How long the broker's script may take to load. */
const brokerTimeoutMs = 1000;

export interface BrokerLink {
  /** The broker's own id, since tabs of two applications may have brokers of two addresses; null without one. */
  readonly broker: Promise<string | null>;
  /** Hands `port` to a tab. */
  introduce(tab: string, port: MessagePort): void;
  close(): void;
}

/** @param onPort  called with each port that another tab hands to this one */
export function linkBroker(
  start: () => SharedWorker,
  tab: string,
  onPort: (port: MessagePort) => void,
): BrokerLink {
  let worker: SharedWorker;
  try {
    worker = start();
  } catch {
    // Workers have no SharedWorker, nor do some browsers; a script of another origin is refused.
    return { broker: Promise.resolve(null), introduce: () => undefined, close: () => undefined };
  }
  const { port } = worker;
  const broker = new Promise<string | null>((resolve) => {
    const timer = setTimeout(() => resolve(null), brokerTimeoutMs);
    const settle = (id: string | null): void => {
      clearTimeout(timer);
      resolve(id);
    };
    worker.addEventListener("error", () => settle(null));
    port.addEventListener("message", ({ data, ports }: MessageEvent<{ broker?: string }>) => {
      if (data.broker !== undefined) settle(data.broker);
      else if (ports[0]) onPort(ports[0]);
    });
  });
  port.start();
  port.postMessage({ tab });
  return {
    broker,
    introduce: (to, given) => port.postMessage({ to }, [given]),
    close() {
      port.postMessage({});
      port.close();
    },
  };
}

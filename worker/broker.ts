// The SharedWorker that introduces tabs to each other: it hands a MessagePort from one to another, and
// that is all. It knows no paths and no engines; what goes over the ports never passes here.

/** Tells brokers apart: two addresses of this script are two brokers that know different tabs. */
const broker = `chromalite-broker-${crypto.randomUUID()}`;
const portByTab = new Map<string, MessagePort>();

interface Message {
  /** The sender's name, to be introduced by. */
  readonly tab?: string;
  /** Who gets the port that came along. Neither: the sender leaves. */
  readonly to?: string;
}

/** A Web Lock of the broker's name, for as long as it lives: it goes with the process that it happens to run in. */
const alive = new Promise<void>((held) => {
  void navigator.locks.request(broker, () => {
    held();
    return new Promise<never>(() => undefined);
  });
});

addEventListener("connect", (event) => {
  const [port] = (event as MessageEvent).ports;
  if (!port) return;
  let name = "";
  port.addEventListener("message", ({ data: { tab, to }, ports: [given] }: MessageEvent<Message>) => {
    if (to !== undefined && given) {
      portByTab.get(to)?.postMessage({}, [given]);
    } else if (tab === undefined) {
      portByTab.delete(name);
    } else {
      portByTab.set((name = tab), port);
      void alive.then(() => port.postMessage({ broker }));
    }
  });
  port.start();
});

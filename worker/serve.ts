// The worker's end of the wire: greets the page, then offers one engine over Comlink, to that page and to
// the tabs it connects. The counterpart is src/transport/worker-transport.ts. Knows nothing of what the
// engine does.

import { expose, transfer, type Endpoint } from "comlink";
import { handshakeVersion, isHello } from "../src/protocol/engine-port.ts";
import type { Engine, EnginePort, HostPort, Ready } from "../src/protocol/engine-port.ts";
import { errorToReply } from "../src/protocol/error-reply.ts";
import type { PackedVectors, Reply } from "../src/protocol/operation.ts";
import { answerTabs } from "./answer-tabs.ts";

/**
 * Offers `engine` to whoever says hello on `endpoint`.
 * Call it while the worker's script is first evaluated: a message that comes before is lost.
 */
export function serve(engine: Engine, endpoint: Endpoint): void {
  offer(toPort(engine, holdLock()), endpoint);
}

/** An engine's port, and the lock that lives as long as its worker. */
interface Offer {
  readonly port: EnginePort;
  readonly lock: Promise<string | null>;
}

function offer({ port, lock }: Offer, endpoint: Endpoint): void {
  endpoint.addEventListener("message", (event: Event) => {
    if (isHello((event as MessageEvent).data)) void greet(lock, endpoint);
  });
  expose(port, endpoint);
}

async function greet(lock: Promise<string | null>, endpoint: Endpoint): Promise<void> {
  const ready: Ready = { chromalite: "ready", version: handshakeVersion, lock: await lock };
  endpoint.postMessage(ready);
}

/** Errors become data, and the vectors of a reply move instead of being copied. */
function toPort(engine: Engine, lock: Promise<string | null>): Offer {
  const done: Reply = { ok: true, status: 200, data: null };
  let opened: Promise<Reply> = Promise.resolve(errorToReply(new Error("no path is open")));
  let leave = (): void => undefined;
  const call: EnginePort["call"] = async (operation) => {
    const reply = await engine.call(operation).catch(errorToReply);
    return transfer(reply, replyBuffers(reply));
  };
  const connect = async (wire: MessagePort | string): Promise<Reply> => {
    const endpoint = typeof wire === "string" ? openChannel(wire) : wire;
    // A wire that is closed here would take its last answer with it: the other end closes it.
    offer({ port: { open: () => opened, call, close: async () => done }, lock }, endpoint);
    // Said unasked: a hello that came before the channel was open is lost.
    await greet(lock, endpoint);
    return done;
  };
  const port: HostPort<MessagePort> = {
    open(path, options) {
      opened = engine.open(path, options).then((data) => {
        // It waited in line with the workers of other tabs, and leads now.
        if (path !== null && options.waits === true) leave = answerTabs(path, (wire) => void connect(wire));
        return { ...done, data };
      }, errorToReply);
      return opened;
    },
    call,
    connect,
    async rouse() {
      await engine.rouse?.();
      return done;
    },
    close: () => {
      leave();
      return engine.close().then(() => done, errorToReply);
    },
  };
  return { port, lock };
}

/** A channel to a tab that holds the lock of its name while it uses it, closed when that comes free. */
function openChannel(wire: string): BroadcastChannel {
  const channel = new BroadcastChannel(wire);
  void whenFree(wire, () => {
    channel.close();
    // An answer that comes later is for nobody, and a closed channel would throw.
    channel.postMessage = () => undefined;
  });
  return channel;
}

/** Never for a lock that is free at once: its holder is of an older build, or has locks that are not seen from here. */
async function whenFree(name: string, onFree: () => void): Promise<void> {
  const { locks } = navigator;
  if (await locks.request(name, { mode: "shared", ifAvailable: true }, Boolean)) return;
  await locks.request(name, { mode: "shared" }, onFree);
}

/** Buffers of the packed vectors in a reply: `embeddings` of get is one, of query one a query. */
export function replyBuffers(reply: Reply): ArrayBuffer[] {
  if (!reply.ok || typeof reply.data !== "object" || reply.data === null) return [];
  const { embeddings } = reply.data as { embeddings?: PackedVectors | PackedVectors[] | null };
  const packed = Array.isArray(embeddings) ? embeddings : embeddings ? [embeddings] : [];
  const buffers = packed.flatMap(({ values, present }) => [
    values.buffer,
    ...(present ? [present.buffer] : []),
  ]);
  return [...new Set(buffers)].filter((buffer) => buffer instanceof ArrayBuffer);
}

/**
 * Takes a Web Lock of a random name and keeps it until the worker ends.
 * @returns  its name, once it is held; null where there are no Web Locks, and in Node, which tells of
 *     an exit itself and where a waiting request might keep the process alive
 */
async function holdLock(): Promise<string | null> {
  if (!("WorkerGlobalScope" in globalThis) || !("locks" in navigator)) return null;
  const name = `chromalite-worker-${crypto.randomUUID()}`;
  await new Promise<void>((held) => {
    void navigator.locks.request(name, () => {
      held();
      return new Promise<never>(() => undefined);
    });
  });
  return name;
}

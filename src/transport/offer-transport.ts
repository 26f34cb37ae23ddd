// This thread's transport, offered to Service Workers that ask for one. On each port that comes with a
// question it speaks as a worker does; worker-transport.ts is what listens at the other end.

import { expose } from "comlink";
import { handshakeVersion, isHello, type EnginePort, type Ready } from "../protocol/engine-port.ts";
import { isEngineWanted, offerLockName, type ServiceWorkerOffer } from "../protocol/engine-offer.ts";
import { errorToReply } from "../protocol/error-reply.ts";
import { isFailure } from "../protocol/failure.ts";
import type { Transport } from "../protocol/operation.ts";

/**
 * Offers `transport` until the offer or the transport is closed.
 *
 * @param prefix     canonical; questions for another are not answered
 * @param container  where the questions of Service Workers arrive
 */
export function offerTransport(
  transport: Transport,
  prefix: string,
  container: ServiceWorkerContainer,
): ServiceWorkerOffer {
  const end = new AbortController();
  const close = (): void => end.abort();
  const lock = offerLockName(prefix, crypto.randomUUID());
  const held = holdLock(lock, end.signal);
  const answer = ({ data, ports: [port] }: MessageEvent<unknown>): void => {
    if (port && isEngineWanted(data) && data.prefix === prefix) void held.then(() => serve(port));
  };
  container.addEventListener("message", answer, { signal: end.signal });
  // Until the page has loaded, messages wait for this.
  container.startMessages();
  return { close };

  function serve(port: MessagePort): void {
    port.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      const ready: Ready = { chromalite: "ready", version: handshakeVersion, lock };
      if (isHello(data)) port.postMessage(ready);
    });
    expose(toPort(transport, close), port);
  }
}

/** All that the other end may do: what is open, and for how long, is this page's to say. */
function toPort(transport: Transport, closed: () => void): Pick<EnginePort, "call"> {
  return {
    async call(operation) {
      try {
        return await transport.call(operation);
      } catch (error) {
        if (isFailure(error) && error.code === "closed") closed();
        return errorToReply(error);
      }
    },
  };
}

/** Resolves once the lock is held; it is released at the signal, or with the page. */
function holdLock(name: string, until: AbortSignal): Promise<void> {
  return new Promise((held) => {
    void navigator.locks.request(name, () => {
      held();
      return new Promise<void>((release) => {
        if (until.aborted) release();
        else until.addEventListener("abort", () => release(), { once: true });
      });
    });
  });
}

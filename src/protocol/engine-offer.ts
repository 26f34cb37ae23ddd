// How a Service Worker asks pages for their engine. It has no memory of its own that lasts: it is ended when
// idle and asks anew, with a port in the question. A page that answers speaks as a worker does on that
// port (engine-port.ts); one that has no engine to offer does not answer.

/** Sent to every window of the origin, with one MessagePort. */
export interface EngineWanted {
  readonly chromalite: "engine wanted";
  /** Canonical path prefix of the API that is served; a page that offers for another does not answer. */
  readonly prefix: string;
}

/** A page's engine, which Service Workers may use. */
export interface ServiceWorkerOffer {
  /** Those that use it hear that it is gone. Idempotent; the engine stays open. */
  close(): void;
}

/** `/notes/`, `notes` and `/notes` are one prefix; the origin itself is the empty one. */
export function canonicalPrefix(prefix: string): string {
  const parts = prefix.split("/").filter((part) => part !== "");
  return parts.map((part) => `/${part}`).join("");
}

/**
 * A page holds a Web Lock of this name for as long as it offers its engine, so that a Service Worker knows
 * without waiting whether anyone will answer, and hears of a page that is gone.
 */
export function offerLockName(prefix: string, page: string): string {
  return `${offerLockStart(prefix)}${page}`;
}

/** What the names of all locks of pages that offer for `prefix` begin with. */
export function offerLockStart(prefix: string): string {
  return `chromalite-offer:${prefix}:`;
}

export function isEngineWanted(message: unknown): message is EngineWanted {
  return (
    typeof message === "object" &&
    message !== null &&
    "chromalite" in message &&
    message.chromalite === "engine wanted"
  );
}

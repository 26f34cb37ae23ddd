// A page that is hidden may be ended without another word: what its relaxed writes left is flushed then.

import { flushOperation } from "../protocol/storage-info.ts";
import type { Lease } from "../transport/transport-pool.ts";

/** The lease, with a flush whenever the page is hidden; where there is no page, as it is. */
export function flushingWhenHidden(lease: Lease): Lease {
  if (typeof document === "undefined") return lease;
  const { transport } = lease;
  const listening = new AbortController();
  const flush = (): void => {
    // Nobody waits for it: the next strict write meets what it met.
    if (document.visibilityState === "hidden") transport.call(flushOperation).catch(() => undefined);
  };
  document.addEventListener("visibilitychange", flush, { signal: listening.signal });
  const stop = (): void => listening.abort();
  void transport.dead.then(stop);
  return {
    transport,
    release: () => {
      stop();
      return lease.release();
    },
  };
}

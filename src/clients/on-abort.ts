// Listening to a caller's signal: one listener on it however many calls share it, since Node warns of more than
// ten, and none once these are over.

interface Ear {
  readonly listeners: Set<() => void>;
  readonly hear: () => void;
}

const earBySignal = new WeakMap<AbortSignal, Ear>();

/**
 * Calls `listener` when `signal` is aborted from now on.
 * @returns  a function that ends it
 */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => undefined;
  const { listeners, hear } = earBySignal.get(signal) ?? listen(signal);
  listeners.add(listener);
  return () => {
    if (!listeners.delete(listener) || listeners.size > 0) return;
    signal.removeEventListener("abort", hear);
    earBySignal.delete(signal);
  };
}

function listen(signal: AbortSignal): Ear {
  const listeners = new Set<() => void>();
  const hear = (): void => {
    for (const listener of listeners) listener();
  };
  signal.addEventListener("abort", hear);
  const ear = { listeners, hear };
  earBySignal.set(signal, ear);
  return ear;
}

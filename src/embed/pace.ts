// Long work on a page's main thread, cut into slices short enough that input and painting keep up.

/** Half of a frame at 60 Hz: the other half is the page's. */
const sliceMs = 8;

/** Calls between two looks at the clock; a look costs as much as a short sentence. */
const stepsPerLook = 32;

/**
 * Returns a function to await after every step of long work. It gives the thread back once a slice
 * is used up, and costs a counter otherwise.
 */
export function createPace(): () => Promise<void> | undefined {
  let steps = 0;
  let sliceStart = performance.now();
  return () => {
    steps++;
    if (steps % stepsPerLook !== 0 || performance.now() - sliceStart < sliceMs) return undefined;
    return nextTask().then(() => {
      sliceStart = performance.now();
    });
  };
}

/** `scheduler.yield` comes back before other work that waits; a timer, up to 4 ms later, where it is missing. */
function nextTask(): Promise<void> {
  const { scheduler } = globalThis as { scheduler?: { yield?(): Promise<void> } };
  return scheduler?.yield ? scheduler.yield() : new Promise((resolve) => setTimeout(resolve));
}

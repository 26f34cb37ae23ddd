// A turn of the event loop: messages that wait are delivered before the promise resolves.
// `setTimeout(0)` is held back 4 ms by browsers after a few turns; a message to oneself is not.

type Turn = () => void;

const immediate = (globalThis as { setImmediate?: (turn: Turn) => unknown }).setImmediate;

/** Resolves after the messages and events that wait now were handled. */
export const macrotask: () => Promise<void> =
  immediate === undefined ? messageTurn() : () => new Promise((turn) => void immediate(turn));

function messageTurn(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const turns: Turn[] = [];
  port1.onmessage = () => turns.shift()?.();
  return () =>
    new Promise((turn) => {
      turns.push(turn);
      port2.postMessage(null);
    });
}

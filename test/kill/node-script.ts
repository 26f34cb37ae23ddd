// Run in a process of its own: the program, driven by messages. A call is answered by its `id`;
// an acknowledgement goes out before the next write begins.

import { PersistentClient, type Settings } from "../../src/index.ts";
import { Program } from "./program.ts";
import type { ChildCall, ChildMessage } from "./child-messages.ts";

const [path, settings] = process.argv.slice(2) as [string, string];
const program = new Program(new PersistentClient({ path, settings: JSON.parse(settings) as Settings }));

/** Resolves once the message is in the pipe, which outlives this process. */
function send(message: ChildMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send!(message, undefined, {}, (error) => (error ? reject(error) : resolve()));
  });
}

function run(call: ChildCall): Promise<unknown> {
  switch (call.method) {
    case "open":
      return program.open();
    case "readBack":
      return program.readBack();
    case "nearest":
      return program.nearest(call.probes);
    case "write": {
      const { seed, from, until } = call.steps;
      return program.write(seed, from, until ?? Infinity, (step) => send({ acknowledged: step }));
    }
    case "memory":
      return Promise.resolve(process.memoryUsage.rss());
    case "close":
      return program.close();
  }
}

process.on("message", async ({ id, call }: { id: number; call: ChildCall }) => {
  await run(call).then(
    (result) => send({ id, result }),
    (error: unknown) => send({ id, error: String(error) }),
  );
  // With nothing left to listen to, the process ends.
  if (call.method === "close") process.disconnect();
});

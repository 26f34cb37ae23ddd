// The real server in a process of its own, which ends with the one that started it, however that ended:
// the server's addon never returns to Node's loop, so a thread waits for the end of our input instead.
// Called with the server's configuration file and the folder that is to be removed at such an end.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

const [configuration, folder] = process.argv.slice(2);

const watcher = new Worker(
  `const { readSync, rmSync } = require("node:fs");
   const { workerData } = require("node:worker_threads");
   while (readSync(0, Buffer.alloc(1)) > 0);
   rmSync(workerData, { recursive: true, force: true });
   process.kill(process.pid, "SIGKILL");`,
  { eval: true, workerData: folder },
);
watcher.once("online", async () => {
  const client = createRequire(import.meta.url).resolve("chromadb");
  process.argv.splice(2, Infinity, "run", configuration);
  await import(pathToFileURL(join(dirname(client), "..", "cli.mjs")).href);
});

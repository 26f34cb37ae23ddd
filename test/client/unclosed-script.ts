// Run by process-exit.test.ts: adds, counts, and just ends.

import { EphemeralClient } from "../../src/index.ts";

const client = new EphemeralClient({ workerUrl: process.argv[2] as string });
const notes = await client.createCollection({ name: "notes", embeddingFunction: null });
await notes.add({ ids: ["a"], embeddings: [[1, 2]] });
console.log(`${await notes.count()} record`);

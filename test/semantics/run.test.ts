// The same facts by the official client, over HTTP, on `chromalite run`.

import { ChromaClient } from "chromadb";
import { afterAll, beforeAll } from "vitest";
import { startChromaliteRun, type ServedFolder } from "./chromalite-run.ts";
import type { Ground } from "./place.ts";
import { runSemantics } from "./semantics.ts";

let served: ServedFolder;
beforeAll(async () => void (served = await startChromaliteRun()), 60_000);
afterAll(() => served.stop());

const openGround = async (): Promise<Ground> => {
  const { port } = served;
  await new ChromaClient({ port }).reset();
  return {
    start: ({ tenant, database } = {}) =>
      new ChromaClient({ port, ...(tenant && { tenant }), ...(database && { database }) }),
    lasts: false,
  };
};

runSemantics("chromalite run", openGround, { isOfficialClient: true });

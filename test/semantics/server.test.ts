// The same facts on Chroma's real server, which is emptied before each. A fact that differs must not
// hold there. Where no server can be started they are left out, and named so.

import { ChromaClient } from "chromadb";
import { afterAll, beforeAll, test } from "vitest";
import {
  chromaServerObstacle,
  startChromaServer,
  type ChromaServer,
} from "../chroma-server/chroma-server.ts";
import { runSemantics } from "./semantics.ts";

const obstacle = await chromaServerObstacle();
let server: ChromaServer;

if (obstacle === undefined) {
  beforeAll(async () => void (server = await startChromaServer()), 60_000);
  afterAll(() => server.stop());
  runSemantics(
    "a real server",
    async () => {
      const { port } = server;
      await new ChromaClient({ port }).reset();
      return {
        start: ({ tenant, database } = {}) =>
          new ChromaClient({ port, ...(tenant && { tenant }), ...(database && { database }) }),
        lasts: false,
      };
    },
    { isChroma: true },
  );
} else {
  test.skip(`Chroma's semantics, a real server: ${obstacle}`, () => undefined);
}

// The REST facts on Chroma's real server.

import { afterAll, beforeAll, test } from "vitest";
import {
  chromaServerObstacle,
  startChromaServer,
  type ChromaServer,
} from "../../chroma-server/chroma-server.ts";
import { runRestFacts } from "./rest-facts.ts";

const obstacle = await chromaServerObstacle();
let server: ChromaServer;

if (obstacle === undefined) {
  beforeAll(async () => void (server = await startChromaServer()), 60_000);
  afterAll(() => server.stop());
  runRestFacts(
    "a real server",
    async () => {
      const { url } = server;
      await fetch(`${url}/api/v2/reset`, { method: "POST" });
      return { url, fetch };
    },
    { isChroma: true },
  );
} else {
  test.skip(`Chroma's REST API, a real server: ${obstacle}`, () => undefined);
}

// The REST facts on Chroma's real server, which is emptied before each; those that end it have a server
// of their own.

import { afterAll, beforeAll, onTestFinished, test } from "vitest";
import {
  chromaServerObstacle,
  startChromaServer,
  type ChromaServer,
} from "../../chroma-server/chroma-server.ts";
import { endingGroups, forbiddenGroups, restGroups, runRestFacts } from "./rest-facts.ts";

const obstacle = await chromaServerObstacle();
let server: ChromaServer;

if (obstacle === undefined) {
  beforeAll(async () => void (server = await startChromaServer()), 60_000);
  afterAll(() => server.stop());
  const openEmptied = async (): Promise<{ url: string; fetch: typeof fetch }> => {
    const { url } = server;
    await fetch(`${url}/api/v2/reset`, { method: "POST" });
    return { url, fetch };
  };
  const openOwn = async (configuration = {}): Promise<{ url: string; fetch: typeof fetch }> => {
    const own = await startChromaServer({ configuration });
    onTestFinished(() => own.stop());
    return { url: own.url, fetch };
  };
  runRestFacts("a real server", restGroups, openEmptied, { isChroma: true });
  runRestFacts("a real server of its own", endingGroups, () => openOwn(), { isChroma: true });
  const openForbidding = (): ReturnType<typeof openOwn> => openOwn({ allow_reset: false });
  runRestFacts("a real server without resets", forbiddenGroups, openForbidding, { isChroma: true });
} else {
  test.skip(`Chroma's REST API, a real server: ${obstacle}`, () => undefined);
}

// The REST facts on our router, over an engine in memory.

import { onTestFinished } from "vitest";
import { createApi } from "../../../http/api.ts";
import { errorToReply } from "../../../src/protocol/error-reply.ts";
import { newEngine } from "../in-thread-worker.ts";
import { runRestFacts } from "./rest-facts.ts";

runRestFacts("the router", async () => {
  const engine = newEngine();
  onTestFinished(() => engine.close());
  await engine.open(null, { allowReset: true });
  const api = createApi(
    {
      call: (operation) => engine.call(operation).catch(errorToReply),
      close: () => engine.close(),
    },
    { corsOrigins: ["*"] },
  );
  return { url: "http://localhost", fetch: (request) => api.fetch(request) };
});

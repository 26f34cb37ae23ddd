// Our router over an engine in memory, both in this process.

import { onTestFinished } from "vitest";
import { createApi } from "../../../http/api.ts";
import { errorToReply } from "../../../src/protocol/error-reply.ts";
import type { Transport } from "../../../src/protocol/operation.ts";
import { newEngine } from "../in-thread-worker.ts";
import type { RestTarget } from "./rest.ts";

/** An empty engine behind a router, until the end of the test. */
export async function openRouter({ allowReset }: { readonly allowReset: boolean }): Promise<RestTarget> {
  const engine = newEngine();
  onTestFinished(() => engine.close());
  await engine.open(null, { allowReset });
  const transport: Transport = {
    call: (operation) => engine.call(operation).catch(errorToReply),
    close: () => engine.close(),
  };
  const api = createApi(transport, { corsOrigins: ["*"] });
  return { url: "http://localhost", fetch: (request) => api.fetch(request) };
}

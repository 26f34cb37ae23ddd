// The same facts on a real Chroma server, where one is named: `CHROMA_SERVER_PORT=8000` and a server
// started with `allow_reset: true`, whose data is deleted. A fact that differs must not hold there.

import { ChromaClient } from "chromadb";
import { test } from "vitest";
import { runSemantics } from "./semantics.ts";

const port = Number(process.env["CHROMA_SERVER_PORT"]);

if (port > 0) {
  runSemantics(
    "a real server",
    async () => {
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
  test.skip("CHROMA_SERVER_PORT names no server", () => undefined);
}

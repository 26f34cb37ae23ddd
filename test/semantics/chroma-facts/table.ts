// What was measured of Chroma's server (1.3.4) and its official client (3.5.0), fact by fact, with the
// cases that hold each: where a fact has none, or a case is gone, chroma-facts.test.ts fails.

import { collections } from "./collections.ts";
import type { KnownFacts } from "./known-facts.ts";
import { reads } from "./reads.ts";
import { server } from "./server.ts";
import { writes } from "./writes.ts";

export const chromaFacts: KnownFacts = { ...server, ...collections, ...writes, ...reads };

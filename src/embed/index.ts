// The entry `chromalite/embed`. Importing it makes the function known, so that a collection made with
// it gets it back from `getCollection`; its table is loaded at the first sentence.

import { knownEmbeddingFunctions, registerEmbeddingFunction } from "chromadb";
import { StaticEnglishEmbeddingFunction, staticEnglishName } from "./static-english.ts";

export { StaticEnglishEmbeddingFunction } from "./static-english.ts";
export type { StaticEnglishConfig, StaticEnglishOptions } from "./static-english.ts";

// A hot reload, or a second copy of this entry, is no reason to refuse.
if (!knownEmbeddingFunctions.has(staticEnglishName)) {
  registerEmbeddingFunction(staticEnglishName, StaticEnglishEmbeddingFunction);
}

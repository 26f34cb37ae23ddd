// Embedding functions that are registered with another copy of chromadb: the CommonJS build is a real
// second one, with registries and classes of its own.

import { createRequire } from "node:module";
import * as ours from "chromadb";
import { expect, test } from "vitest";
import { EphemeralClient, useEmbeddingFunctionsFrom } from "../../src/index.ts";
import { FakeWire } from "./fake-wire.ts";

const theirs = createRequire(import.meta.url)("chromadb") as typeof ours;

/** Embeds a text as its length. */
function lengthEmbedder(name: string) {
  return class LengthEmbedder {
    readonly name = name;
    static buildFromConfig(): LengthEmbedder {
      return new LengthEmbedder();
    }
    getConfig(): Record<string, never> {
      return {};
    }
    generate(texts: string[]): Promise<number[][]> {
      return Promise.resolve(texts.map((text) => [text.length, 1]));
    }
  };
}

test("the second copy is one of its own", () => {
  expect(theirs.knownEmbeddingFunctions).not.toBe(ours.knownEmbeddingFunctions);
  expect(theirs.ChromaClient).not.toBe(ours.ChromaClient);
});

test("functions registered there are found by name, before and after, and ours come first", async () => {
  const configOf = (name: string) => ({ type: "known" as const, name, config: {} });
  const { worker } = new FakeWire();
  await using client = new EphemeralClient({ worker });
  const find = (name: string) => ours.getEmbeddingFunction({ client, efConfig: configOf(name) });

  theirs.registerEmbeddingFunction("their-early", lengthEmbedder("their-early"));
  expect(await find("their-early")).toBeUndefined();
  useEmbeddingFunctionsFrom(theirs);
  useEmbeddingFunctionsFrom(theirs);
  theirs.registerEmbeddingFunction("their-late", lengthEmbedder("their-late"));
  expect(await find("their-early")).toMatchObject({ name: "their-early" });
  expect(await find("their-late")).toMatchObject({ name: "their-late" });

  const Ours = lengthEmbedder("of-both");
  theirs.registerEmbeddingFunction("of-both", lengthEmbedder("of-both"));
  ours.registerEmbeddingFunction("of-both", Ours);
  expect(await find("of-both")).toBeInstanceOf(Ours);
  expect([...ours.knownEmbeddingFunctions.keys()]).not.toContain("their-late");
});

test("a copy that is our own changes nothing", () => {
  useEmbeddingFunctionsFrom(ours);
  expect(ours.knownEmbeddingFunctions.get("none")).toBeUndefined();
});

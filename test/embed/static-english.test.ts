import { getEmbeddingFunction, knownEmbeddingFunctions } from "chromadb";
import { describe, expect, test } from "vitest";
import paraphrases from "../../bench/embedder/paraphrases.json" with { type: "json" };
import { StaticEnglishEmbeddingFunction } from "../../src/embed/index.ts";
import { EphemeralClient } from "../../src/index.ts";
import { inThreadWorker } from "../semantics/in-thread-worker.ts";
import { sentence, vectorOfSentence } from "./known-vector.ts";
import { dataUrl, encodeTable } from "./table-fixture.ts";

const tableBytes = encodeTable({ cat: [3, 4], dog: [4, 3] });
const known = { type: "known", name: "static-english", config: { table: "english-1" } } as const;
const queries = paraphrases.heldOut.map(({ query }) => query);

describe("vectors", () => {
  test("have length 1 and do not depend on the batch a text is in", async () => {
    const embedder = new StaticEnglishEmbeddingFunction();
    const together = await embedder.generate(queries);
    for (const vector of together) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    const [alone] = await new StaticEnglishEmbeddingFunction().generate([queries.at(-1)!]);
    expect(alone).toEqual(together.at(-1));
  });

  test("are sums of the words' vectors: these numbers hold on every machine", async () => {
    const embedder = new StaticEnglishEmbeddingFunction({ tableUrl: dataUrl(tableBytes) });
    expect(await embedder.generate(["Cat", "cat, dog!"])).toEqual([
      [Math.fround(0.6), Math.fround(0.8)],
      [Math.fround(Math.SQRT1_2), Math.fround(Math.SQRT1_2)],
    ]);
  });

  test("of the shipped table are those that a page computes", async () => {
    const [vector] = await new StaticEnglishEmbeddingFunction().generate([sentence]);
    expect(vector!.slice(0, vectorOfSentence.length)).toEqual(vectorOfSentence);
  });

  test("exist for texts without a word, so that cosine has an answer", async () => {
    const vectors = await new StaticEnglishEmbeddingFunction().generate(["", "42", "日本"]);
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  });

  test("no texts give no vectors", async () => {
    expect(await new StaticEnglishEmbeddingFunction().generate([])).toEqual([]);
  });

  test("long work gives the thread back between its slices", async () => {
    const embedder = new StaticEnglishEmbeddingFunction();
    await embedder.embed([""]);
    let done = false;
    let turns = 0;
    const countTurns = (): void => {
      if (done) return;
      turns++;
      setImmediate(countTurns);
    };
    countTurns();
    await embedder.embed(Array.from({ length: 200 }, () => queries).flat());
    done = true;
    expect(turns).toBeGreaterThan(1);
  });
});

describe("table", () => {
  test("may be gzipped or not", async () => {
    const plain = new StaticEnglishEmbeddingFunction({ tableUrl: dataUrl(tableBytes) });
    const gzipped = new StaticEnglishEmbeddingFunction({ tableUrl: dataUrl(tableBytes, { gzip: true }) });
    expect(await gzipped.generate(["dog cat"])).toEqual(await plain.generate(["dog cat"]));
  });

  test("that cannot be loaded rejects, and is asked for again at the next call", async () => {
    const missing = new URL("./no-such-table.bin", import.meta.url);
    const embedder = new StaticEnglishEmbeddingFunction({ tableUrl: missing });
    await expect(embedder.generate(["cat"])).rejects.toThrow("no-such-table.bin");
    await expect(embedder.generate(["cat"])).rejects.toThrow("no-such-table.bin");
  });

  test("that is something else is refused", async () => {
    const embedder = new StaticEnglishEmbeddingFunction({ tableUrl: "data:,not a table of word vectors" });
    await expect(embedder.generate(["cat"])).rejects.toThrow("not a table of word vectors");
  });
});

describe("configuration", () => {
  test("is known under its name from the import on", async () => {
    expect(knownEmbeddingFunctions.get("static-english")).toBe(StaticEnglishEmbeddingFunction);
    const client = new EphemeralClient();
    const rebuilt = await getEmbeddingFunction({ client, efConfig: known });
    expect(rebuilt).toBeInstanceOf(StaticEnglishEmbeddingFunction);
    expect(rebuilt!.getConfig!()).toEqual(known.config);
  });

  test("of another table is refused: its vectors cannot be compared", () => {
    const other = { table: "english-0" };
    expect(() => StaticEnglishEmbeddingFunction.buildFromConfig(other)).toThrow(
      "english-0, expected english-1",
    );
    expect(() => new StaticEnglishEmbeddingFunction().validateConfigUpdate(other)).toThrow(TypeError);
  });

  test("a collection found again embeds with it, in its default space", async () => {
    await using client = new EphemeralClient({ worker: inThreadWorker() });
    const embeddingFunction = new StaticEnglishEmbeddingFunction();
    const made = await client.createCollection({ name: "words", embeddingFunction });
    await made.add({ ids: ["igloo", "umbrella"], documents: ["a hut of snow", "a canopy against rain"] });
    const found = await client.getCollection({ name: "words" });
    expect(found.configuration.hnsw?.space).toBe("cosine");
    const { ids } = await found.query({ queryTexts: ["frozen house in winter"], nResults: 1 });
    expect(ids).toEqual([["igloo"]]);
  });
});

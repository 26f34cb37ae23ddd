// In a page the table comes by fetch and is unpacked by the browser; the vectors are those of Node.

import { expect, test } from "vitest";
import { StaticEnglishEmbeddingFunction } from "../../src/embed/index.ts";
import { sentence, vectorOfSentence } from "./known-vector.ts";

test("a page computes the vectors that Node computes", async () => {
  const [vector] = await new StaticEnglishEmbeddingFunction().generate([sentence]);
  expect(vector).toHaveLength(128);
  expect(vector!.slice(0, vectorOfSentence.length)).toEqual(vectorOfSentence);
});

test("a long batch gives the page its thread back", async () => {
  const embedder = new StaticEnglishEmbeddingFunction();
  await embedder.embed([""]);
  const longTasks: number[] = [];
  const observer = new PerformanceObserver((list) =>
    longTasks.push(...list.getEntries().map((task) => task.duration)),
  );
  observer.observe({ type: "longtask" });
  let frames = 0;
  let done = false;
  const countFrames = (): void => {
    frames++;
    if (!done) requestAnimationFrame(countFrames);
  };
  requestAnimationFrame(countFrames);
  const texts = Array.from({ length: 50_000 }, (_, i) => `${sentence} number ${i}`);
  const start = performance.now();
  await embedder.embed(texts);
  done = true;
  observer.disconnect();
  const microseconds = ((performance.now() - start) * 1_000) / texts.length;
  console.info(
    `${microseconds.toFixed(1)} µs a sentence; tasks over 50 ms: ${longTasks.join(", ") || "none"}`,
  );
  expect(frames).toBeGreaterThan(2);
});

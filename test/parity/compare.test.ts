// The comparison itself: what it must see, and what it must overlook.

import { GetResult, QueryResult } from "chromadb";
import { expect, test } from "vitest";
import { compareOutcomes, toleranceOf } from "./compare.ts";
import { errorOutcome, normalizeText, type Outcome, replyOutcome } from "./outcome.ts";

function records(ids: string[], metadatas: (Record<string, number> | null)[], limit = ids.length): Outcome {
  const column = { documents: [], embeddings: [], uris: [], include: ["metadatas" as const] };
  return replyOutcome(
    new GetResult({ ids: ids.slice(0, limit), metadatas: metadatas.slice(0, limit), ...column }),
  );
}

function neighbours(ids: string[], distances: (number | null)[]): Outcome {
  const columns = { documents: [], embeddings: [], uris: [], metadatas: [], include: ["distances" as const] };
  return replyOutcome(new QueryResult({ ids: [ids], distances: [distances], ...columns }));
}

const paths = (server: Outcome, ours: Outcome, options = {}): string[] =>
  compareOutcomes(server, ours, options).map(({ path }) => path.join("/"));

test("records in another order, a missing one and another value are each told", () => {
  const server = records(["a", "b"], [{ n: 1 }, { n: 2 }]);
  expect(paths(server, records(["a", "b"], [{ n: 1 }, { n: 2 }]))).toEqual([]);
  expect(paths(server, records(["b", "a"], [{ n: 2 }, { n: 1 }]))).toEqual(["ids"]);
  expect(paths(server, records(["a"], [{ n: 1 }]))).toEqual(["ids"]);
  expect(paths(server, records(["a", "b"], [{ n: 1 }, { n: 3 }]))).toEqual(["records/b/metadatas/n"]);
  expect(paths(server, records(["a", "b"], [{ n: 1 }, null]))).toEqual(["records/b/metadatas"]);
});

test("the order of keys is no difference, a key more is one, also __proto__", () => {
  const server = records(["a"], [{ x: 1, y: 2 }]);
  expect(paths(server, records(["a"], [{ y: 2, x: 1 }]))).toEqual([]);
  expect(paths(server, records(["a"], [{ y: 2, x: 1, z: 3 }]))).toEqual(["records/a/metadatas/z"]);
  const proto = JSON.parse('{ "x": 1, "y": 2, "__proto__": 3 }') as Record<string, number>;
  expect(paths(server, records(["a"], [proto]))).toEqual(["records/a/metadatas/__proto__"]);
});

test("neighbours at one distance may come in any order, others may not", () => {
  const server = neighbours(["a", "b", "c"], [1, 1, 2]);
  expect(paths(server, neighbours(["b", "a", "c"], [1, 1, 2]))).toEqual([]);
  expect(paths(server, neighbours(["a", "c", "b"], [1, 2, 1]))).toEqual(["queries/0/order/ours"]);
});

test("at the last distance other records may come where the query asked for no more", () => {
  const server = neighbours(["a", "b"], [1, 2]);
  expect(paths(server, neighbours(["a", "c"], [1, 2]), { nResults: 2 })).toEqual(["queries/0/tie"]);
  expect(paths(server, neighbours(["a", "c"], [1, 2]), { nResults: 3 })).toEqual(["queries/0/ids"]);
  expect(paths(server, neighbours(["a", "c"], [1, 3]), { nResults: 2 })).toEqual(["queries/0/ids"]);
  expect(paths(server, neighbours(["c", "b"], [1, 2]), { nResults: 2 })).toEqual(["queries/0/ids"]);
  expect(paths(server, neighbours(["a"], [1]), { nResults: 2 })).toEqual(["queries/0/ids"]);
});

test("distances may differ by rounding alone", () => {
  const options = { tolerance: toleranceOf("l2") };
  const server = neighbours(["a", "b"], [1, null]);
  expect(paths(server, neighbours(["a", "b"], [1.000_005, null]), options)).toEqual([]);
  expect(paths(server, neighbours(["a", "b"], [1.000_05, null]), options)).toEqual(["queries/0/distances/a"]);
  expect(paths(server, neighbours(["a", "b"], [1, 7]), options)).toEqual(["queries/0/distances/b"]);
  const tiny = [neighbours(["a"], [1e-7]), neighbours(["a"], [0])] as const;
  expect(paths(...tiny, { tolerance: toleranceOf("cosine") })).toEqual([]);
  expect(paths(...tiny, { tolerance: toleranceOf("l2") })).toEqual(["queries/0/distances/a"]);
});

test("class, name, text and cause of an error are compared, generated ids and ports are not", () => {
  const error = (message: string, cause?: Error): Outcome => errorOutcome(new Error(message, { cause }));
  expect(paths(error("x"), error("x"))).toEqual([]);
  expect(paths(error("x"), error("y"))).toEqual(["error/message"]);
  expect(paths(error("x"), errorOutcome(new TypeError("x")))).toEqual(["error/class", "error/name"]);
  expect(paths(error("x"), error("x", new Error("why")))).toEqual(["error/cause"]);
  expect(paths(error("x"), replyOutcome(7))).toEqual([""]);
  expect(normalizeText("http://localhost:80/c/0b4c3c5e-1b1a-4c53-8d20-0f3b6f6d1c11/get")).toBe(
    "<origin>/c/<id>/get",
  );
});

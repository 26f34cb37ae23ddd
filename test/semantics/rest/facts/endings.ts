// What ends Chroma's server, or the connection to it, and here is answered as anything else.

import { said, type Body, type Rest } from "../rest.ts";
import type { RestFacts } from "../rest-facts.ts";

/** A reply as one line, or that there was none. */
async function reply(rest: Rest, method: string, path: string, body?: Body): Promise<string> {
  try {
    return said(await rest.send(method, path, body));
  } catch (error) {
    if (error instanceof TypeError && error.message === "fetch failed") return "no reply";
    throw error;
  }
}

export function endingFacts({ differs }: RestFacts): void {
  differs(
    "graph-settings",
    "an add to a graph without neighbours, and a call after it",
    async (rest) => {
      const { id } = await rest.createCollection({ configuration: { hnsw: { max_neighbors: 0 } } });
      const body = { ids: ["a", "b"], embeddings: [[1], [2]] };
      const added = await reply(rest, "POST", `collections/${id}/add`, body);
      return [added, await reply(rest, "GET", `collections/${id}/count`)];
    },
    { server: ["no reply", "no reply"], chromalite: ["201 {}", "200 2"] },
  );

  differs(
    "collection-metadata-arrays",
    "an array in a collection's metadata, and a call after it",
    async (rest) => {
      const body = { name: "notes", metadata: { tags: ["a", "b"] } };
      const created = await reply(rest, "POST", "collections", body);
      const kept = /"metadata":\{.*?\}/.exec(created)?.[0] ?? created;
      return [kept, await reply(rest, "GET", "/api/v2/version")];
    },
    { server: ["no reply", '200 "1.0.0"'], chromalite: ['"metadata":{"tags":["a","b"]}', '200 "1.0.0"'] },
  );

  differs(
    "not-implemented",
    "a collection by the name of its resource, and a call after it",
    async (rest) => {
      const found = await reply(rest, "GET", "/api/v2/collections/default:default_database:notes");
      return [found.slice(0, 8), await reply(rest, "GET", "/api/v2/version")];
    },
    { server: ["no reply", '200 "1.0.0"'], chromalite: ["501 Chro", '200 "1.0.0"'] },
  );
}

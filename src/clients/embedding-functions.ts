// Embedding functions that are registered elsewhere. The bundled client has a registry of its own; an
// application's packages register themselves with the application's own copy of `chromadb`.

import { knownEmbeddingFunctions, knownSparseEmbeddingFunctions } from "chromadb";
import { nodeModule } from "../transport/node.ts";

/** The registries of a copy of `chromadb`: its module is one. */
export interface EmbeddingFunctionRegistries {
  readonly knownEmbeddingFunctions: ReadonlyMap<string, unknown>;
  readonly knownSparseEmbeddingFunctions: ReadonlyMap<string, unknown>;
}

/**
 * Lets our clients find the embedding functions that are, or will be, registered with another copy of
 * `chromadb`; those registered with ours come first. In Node an installed `chromadb` is found without it.
 */
export function useEmbeddingFunctionsFrom(chromadb: EmbeddingFunctionRegistries): void {
  follow(knownEmbeddingFunctions, chromadb.knownEmbeddingFunctions);
  follow(knownSparseEmbeddingFunctions, chromadb.knownSparseEmbeddingFunctions);
}

const followedBy = new WeakMap<object, Set<ReadonlyMap<string, unknown>>>();

/** Lets `own.get` answer from `other` what `own` does not have. A copy of its entries would miss later ones. */
function follow(own: Map<string, unknown>, other: ReadonlyMap<string, unknown>): void {
  const followed = followedBy.get(own) ?? new Set();
  if (other === own || followed.has(other)) return;
  followed.add(other);
  if (followedBy.has(own)) return;
  followedBy.set(own, followed);
  const get = own.get.bind(own);
  own.get = (name) => get(name) ?? firstOf(followed, name);
}

function firstOf(registries: Iterable<ReadonlyMap<string, unknown>>, name: string): unknown {
  for (const registry of registries) {
    if (registry.has(name)) return registry.get(name);
  }
  return undefined;
}

let search: Promise<void> | undefined;

/** Follows the copy of `chromadb` that is installed beside us in Node, if there is one. Looks once. */
export function findInstalledEmbeddingFunctions(): Promise<void> {
  search ??= nodeModule("node:fs") ? followInstalled() : Promise.resolve();
  return search;
}

async function followInstalled(): Promise<void> {
  // In two pieces, so that no bundler looks for it: it need not be there.
  const name = ["chroma", "db"].join("");
  const installed: unknown = await import(/* @vite-ignore */ name).catch(() => undefined);
  if (hasRegistries(installed)) useEmbeddingFunctionsFrom(installed);
}

function hasRegistries(module: unknown): module is EmbeddingFunctionRegistries {
  return typeof module === "object" && module !== null && "knownSparseEmbeddingFunctions" in module;
}

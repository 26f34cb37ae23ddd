// Brings a table of word vectors into memory: by fetch, or from a file in Node, where fetch knows no
// `file:` address. A table may be gzipped whatever its name: its first bytes tell, since servers
// disagree on how to send files whose names do.

import { WordTable } from "./word-table.ts";

/** The table that this package ships; bundlers find the file by this expression. */
export const englishTableUrl = (): URL => new URL("./english.bin", import.meta.url);

/**
 * Loads a table.
 *
 * @throws {Error}  `url` cannot be read; the message names it
 * @throws {TypeError}  what it holds is no table of word vectors
 */
export async function loadTable(url: URL): Promise<WordTable> {
  const bytes = url.protocol === "file:" ? await readFileAt(url) : await fetchBytes(url);
  return new WordTable(isGzip(bytes) ? await gunzip(bytes) : bytes);
}

async function fetchBytes(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url);
  if (!response.ok)
    throw new Error(`${url.href} answered ${response.status}, expected a table of word vectors`);
  return new Uint8Array(await response.arrayBuffer());
}

async function readFileAt(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  // Through a variable, or a bundler for the page would look for Node's module.
  const fileSystem = "node:fs/promises";
  const files: { readFile(url: URL): Promise<Uint8Array<ArrayBuffer>> } = await import(
    /* @vite-ignore */ /* webpackIgnore: true */ fileSystem
  );
  return new Uint8Array(await files.readFile(url));
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(plain).arrayBuffer());
}

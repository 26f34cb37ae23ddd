// The files that lie beside the worker, wherever it runs: fetched in a browser, read from disk in Node.

import { getNodeBuiltins } from "./storage/node-builtins.ts";

/** @throws {Error}  there is no such file, or it cannot be reached; the message names it */
export async function loadFile(url: URL): Promise<ArrayBuffer> {
  const node = url.protocol === "file:" ? getNodeBuiltins() : undefined;
  if (node) {
    // A copy of just these bytes: a small Buffer lies in the middle of Node's shared pool.
    return Uint8Array.from(node.fs.readFileSync(url)).buffer;
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.href}: ${response.status} ${response.statusText}`);
  return response.arrayBuffer();
}

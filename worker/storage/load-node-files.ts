// What opens a directory in Node, loaded there: a file of its own, as records.js is.

import { loadOnce } from "../once.ts";

type NodeFiles = typeof import("./node-files.ts");

/**
 * Loaded once a worker.
 *
 * @param folder  where node-files.js is, ending in a slash; beside the worker when absent
 * @throws {Error}  the file is not there
 */
export const loadNodeFiles = loadOnce((folder?: string): Promise<NodeFiles> => {
  if (folder === undefined) return import("./node-files.ts");
  return import(/* @vite-ignore */ new URL("node-files.js", folder).href) as Promise<NodeFiles>;
});

// Names of stored data. Two spellings of one place must give one name: clients are counted by it.

import { ChromaValueError } from "chromadb";
import { nodeModule } from "../transport/node.ts";

export const defaultPath = "./chroma";

/**
 * The canonical form of a path: in a page, its parts below the origin's storage (`./chroma`, `chroma`
 * and `/chroma/` are one); in Node, the absolute path without symbolic links.
 *
 * @throws {ChromaValueError}  it is not a string, or names nothing
 */
export function canonicalPath(path: string): string {
  if (typeof path !== "string" || path === "") {
    throw new ChromaValueError(`Expected path to be a non-empty string, but got ${JSON.stringify(path)}`);
  }
  return realPath(path) ?? pagePath(path);
}

function pagePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  if (parts.length === 0) throw new ChromaValueError(`Expected path to name a folder, but got ${path}`);
  return parts.join("/");
}

/** In Node, the path with the links of its existing part followed; undefined in a page. */
function realPath(path: string): string | undefined {
  const fs = nodeModule("node:fs");
  const nodePath = nodeModule("node:path");
  if (!fs || !nodePath) return undefined;
  const missing: string[] = [];
  for (let existing = nodePath.resolve(path); ; existing = nodePath.dirname(existing)) {
    try {
      return nodePath.join(fs.realpathSync(existing), ...missing);
    } catch (error) {
      // What does not exist yet has no links; its parent may. The root always exists.
      if (nodePath.dirname(existing) === existing) throw error;
      missing.unshift(nodePath.basename(existing));
    }
  }
}

// The official client imports node:process for its environment. A page has none, or one that a bundler
// put in place; this module stands in for it in the build.

const id = "\0chromalite:process";

/** @returns {import("vite").Plugin} */
export function environmentPlugin() {
  return {
    name: "chromalite:environment",
    enforce: "pre",
    resolveId(source) {
      return source === "node:process" ? id : undefined;
    },
    load(loaded) {
      return loaded === id ? "export const env = globalThis.process?.env ?? {};" : undefined;
    },
  };
}

// The official client made loadable in a page, by two changes to its one file. The environment: a page
// has no node:process. Its run-time imports of embedding functions: they are the application's to have,
// so no bundler may look for them, and one that is absent is a rejected import, as it is in Node.
// Wherever chromadb is bundled from the source (package, browser tests, demo) this plugin is needed,
// and chromadb is to be left out of Vite's `optimizeDeps`, which would not apply it.

const processImport = /import \* as (process\d*) from "node:process";/g;
const runtimeImport = /\bimport\((fullPackageName|"@chroma-core\/default-embed")\)/g;

/** @returns {import("vite").Plugin} */
export function chromadbPlugin() {
  return {
    name: "chromalite:chromadb",
    enforce: "pre",
    transform: {
      order: "pre",
      handler(code, id) {
        if (!id.split("?")[0].endsWith("/node_modules/chromadb/dist/chromadb.mjs")) return undefined;
        mustFind(code, processImport, 2);
        mustFind(code, runtimeImport, 3);
        const patched = code
          .replace(processImport, (_whole, name) => `const ${name} = { env: globalThis.process?.env ?? {} };`)
          .replace(runtimeImport, (_whole, name) => `import(/* @vite-ignore */ ${hidden(name)})`);
        return { code: patched, map: null };
      },
    },
  };
}

/** A package named in one piece is looked for by a bundler; in two, it is not. */
function hidden(argument) {
  return argument.startsWith('"') ? '["@chroma-core", "default-embed"].join("/")' : argument;
}

function mustFind(code, pattern, times) {
  const found = code.match(pattern)?.length ?? 0;
  if (found !== times) {
    throw new Error(`chromadb matches ${pattern} ${found} times, not ${times}: look at it anew`);
  }
}

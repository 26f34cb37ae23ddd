// In the source a file is named where it lies and a package by its name; in the package everything
// lies side by side. This plugin of the build turns the one into the other, and writes URLs and
// run-time imports in the very form that an application's bundler looks for, or passes over.

/** What a file of the source is called in the package; others keep their name. */
const nameInPackage = new Map([
  ["main.ts", "worker.js"],
  ["broker.ts", "broker.js"],
]);

/** What is loaded at run time, from a file of its own. */
const runtimeImports = new Map([
  ["./records.ts", "records.js"],
  ["./archives.ts", "archives.js"],
  ["./node-files.ts", "node-files.js"],
  ["sql.js", "sql.js"],
  ["./regex/compile-pattern.ts", "re2.js"],
]);

// Minifiers drop comments and rewrite calls, so the final form is put in when they are done.
const urlMark = "__chromaliteUrl";
const hiddenUrlMark = "__chromaliteHiddenUrl";
const importMark = "__chromaliteImport";

const passOver = "/* @vite-ignore */ /* webpackIgnore: true */";
const urlPattern =
  /new URL\(\s*(\/\* @vite-ignore \*\/)?\s*["'](\.{1,2}\/[^"']+)["']\s*,\s*import\.meta\.url\s*,?\s*\)/g;
const runtimeImport = /(?<!typeof )\bimport\(\s*"([^"]+)"\s*\)/g;
// Reached in Node only, but bundlers for pages refuse the import wherever it stands.
const nodeImport = /(?<!typeof )\bimport\(\s*"(node:[^"]+)"\s*\)/g;
const hiddenImport = /\bimport\(\s*\/\* @vite-ignore \*\/\s*/g;

/**
 * @param {string} base  what files beside are beside of: "import.meta.url", or what a script without it has
 * @returns {import("vite").Plugin}
 */
export function besidePlugin(base) {
  return {
    name: "chromalite:beside",
    enforce: "pre",
    transform: {
      order: "pre",
      handler(code, id) {
        const marked = isOurs(id) ? markFiles(code) : code;
        const all = marked.replace(hiddenImport, `${importMark}(`);
        return all === code ? undefined : { code: all, map: null };
      },
    },
    generateBundle(_options, bundle) {
      for (const output of Object.values(bundle)) {
        if (output.type === "chunk") output.code = resolveMarks(output.code, base);
      }
    },
  };
}

/** URLs of files beside, and imports of packages that are files beside. */
function markFiles(code) {
  return code
    .replace(
      urlPattern,
      (_whole, hidden, path) => `${hidden ? hiddenUrlMark : urlMark}("./${packageName(path)}")`,
    )
    .replace(runtimeImport, (whole, name) =>
      runtimeImports.has(name) ? `${importMark}(${urlMark}("./${runtimeImports.get(name)}").href)` : whole,
    )
    .replace(nodeImport, (_whole, name) => `Promise.resolve(globalThis.process.getBuiltinModule("${name}"))`);
}

function resolveMarks(code, base) {
  return (
    code
      .replace(marked(urlMark), (_whole, path) => `new URL("${path}", ${base})`)
      .replace(marked(hiddenUrlMark), (_whole, path) => `new URL(${passOver} "${path}", ${base})`)
      // A package named in one piece would be looked for by the application's bundler, and not found.
      .replace(
        marked(importMark),
        (_whole, name) => `import(${passOver} ${JSON.stringify(name.split("/"))}.join("/"))`,
      )
      .replaceAll(`${importMark}(`, `import(${passOver} `)
      // The form that every bundler reads; minifiers prefer backquotes.
      .replaceAll("{type:`module`}", '{type:"module"}')
  );
}

function marked(mark) {
  return new RegExp(`${mark}\\([\\s]*["'\`]([^"'\`]+)["'\`][\\s]*\\)`, "g");
}

function packageName(path) {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return nameInPackage.get(name) ?? name;
}

function isOurs(id) {
  return !id.includes("/node_modules/") && /\.(ts|mjs|js)$/.test(id);
}

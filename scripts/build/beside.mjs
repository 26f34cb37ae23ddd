// In the source a file is named where it lies and a package by its name; in the package everything
// lies side by side. This plugin of the build turns the one into the other, and writes URLs and
// run-time imports in the very form that an application's bundler looks for, or passes over.

/** What a file of the source is called in the package; others keep their name. */
const nameInPackage = new Map([["main.ts", "worker.js"]]);

/** Packages that are loaded at run time, from a file of their own. */
export const runtimePackages = new Map([
  ["sql.js", "sql.js"],
  ["re2js", "re2.js"],
]);

// Minifiers drop comments and rewrite calls, so the final form is put in when they are done.
const urlMark = "__chromaliteUrl";
const hiddenUrlMark = "__chromaliteHiddenUrl";
const importMark = "__chromaliteImport";

const passOver = "/* @vite-ignore */ /* webpackIgnore: true */";
const urlPattern =
  /new URL\(\s*(\/\* @vite-ignore \*\/)?\s*["'](\.{1,2}\/[^"']+)["']\s*,\s*import\.meta\.url\s*,?\s*\)/g;

/** @returns {import("vite").Plugin} */
export function besidePlugin() {
  return {
    name: "chromalite:beside",
    enforce: "pre",
    transform: {
      order: "pre",
      handler(code, id) {
        const marked = isChromadb(id) ? markChromadb(code) : isOurs(id) ? markOurs(code) : code;
        return marked === code ? undefined : { code: marked, map: null };
      },
    },
    generateBundle(_options, bundle) {
      for (const output of Object.values(bundle)) {
        if (output.type === "chunk") output.code = resolveMarks(output.code);
      }
    },
  };
}

/** URLs of files beside, and imports of packages that are files beside. */
function markOurs(code) {
  return code
    .replace(
      urlPattern,
      (_whole, hidden, path) => `${hidden ? hiddenUrlMark : urlMark}("./${packageName(path)}")`,
    )
    .replace(/\bimport\(\s*"([^"]+)"\s*\)/g, (whole, name) =>
      runtimePackages.has(name) ? `${importMark}(${urlMark}("./${runtimePackages.get(name)}").href)` : whole,
    )
    .replace(/\bimport\(\s*\/\* @vite-ignore \*\/\s*/g, `${importMark}(`);
}

/**
 * chromadb 3.5.0 imports embedding functions by name at run time. They are the application's to have:
 * no bundler may look for them, and one that is absent is a rejected import as it is in Node.
 */
function markChromadb(code) {
  const imports = /\bimport\((fullPackageName|"@chroma-core\/default-embed")\)/g;
  const found = code.match(imports)?.length ?? 0;
  if (found !== 3) throw new Error(`chromadb has ${found} run-time imports, expected 3: look at it anew`);
  return code.replace(imports, (_whole, argument) => `${importMark}(${argument})`);
}

function resolveMarks(code) {
  return (
    code
      .replace(marked(urlMark), (_whole, path) => `new URL("${path}", import.meta.url)`)
      .replace(marked(hiddenUrlMark), (_whole, path) => `new URL(${passOver} "${path}", import.meta.url)`)
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

function isChromadb(id) {
  return id.endsWith("/node_modules/chromadb/dist/chromadb.mjs");
}

function isOurs(id) {
  return !id.includes("/node_modules/") && /\.(ts|mjs|js)$/.test(id);
}

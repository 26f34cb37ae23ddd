// re2js, loaded when a filter first has a regular expression: a file of its own, as sql.js is.

type Re2 = (typeof import("re2js"))["RE2JS"];

let loading: Promise<Re2> | undefined;

/**
 * RE2's engine: linear time whatever the pattern. Loaded once a worker; a load that failed is tried
 * again by the next call.
 *
 * Cost: 46 kB of script, gzipped.
 *
 * @param folder  where re2.js is, ending in a slash; beside the worker when absent
 * @throws {Error}  the file is not there
 */
export function loadRe2(folder?: string): Promise<Re2> {
  loading ??= importRe2(folder).then(
    ({ RE2JS }) => RE2JS,
    (error: unknown) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

function importRe2(folder: string | undefined): Promise<typeof import("re2js")> {
  if (folder === undefined) return import("re2js");
  return import(/* @vite-ignore */ new URL("re2.js", folder).href) as Promise<typeof import("re2js")>;
}

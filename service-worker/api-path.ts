// Which requests of a page are for the API: those to its own origin, below `/api/v2` after a prefix.
// Everything else, `/api/v1` of some other API too, goes to the network as if nobody were here.

const root = "/api/v2";

/**
 * The path below the prefix, which begins with `/api/v2`; undefined where the request is not for the API.
 *
 * @param url       of the request
 * @param origin    of the Service Worker
 * @param prefixes  canonical
 */
export function getApiPath(url: URL, origin: string, prefixes: readonly string[]): string | undefined {
  if (url.origin !== origin) return undefined;
  return prefixes
    .filter((prefix) => url.pathname.startsWith(prefix + root))
    .map((prefix) => url.pathname.slice(prefix.length))
    .find((path) => path === root || path.startsWith(`${root}/`));
}

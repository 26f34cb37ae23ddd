// Where a server is, from a host that may be a whole URL: Python's rules and texts.

import { ChromaValueError } from "chromadb";

/** What every route begins with; it is part of the routes, so a host that ends in it loses it. */
const apiPath = "/api/v2";

/**
 * The address that routes are appended to, without a slash at its end.
 *
 * A host that is a URL keeps its own port, or its scheme's, and its path as a prefix; `port` is ignored.
 *
 * @param ssl  https, also where the URL says http
 * @throws {ChromaValueError}  no URL comes of it
 */
export function serverAddress(host: string, port: number, ssl: boolean): string {
  if (!host.includes("/")) return mustParse(`${ssl ? "https" : "http"}://${host}:${port}`, host).origin;
  assertProtocol(host);
  const { origin, pathname } = mustParse(ssl ? host.replace(/^http:/i, "https:") : host, host);
  const path = pathname.replaceAll(/\/{2,}/g, "/").replace(/\/$/, "");
  return origin + (path.endsWith(apiPath) ? path.slice(0, -apiPath.length) : path);
}

function assertProtocol(host: string): void {
  const protocol = /^([^/]*):\/\//.exec(host)?.[1];
  if (protocol === undefined) {
    throw new ChromaValueError(
      "Invalid URL. Seems that you are trying to pass URL as a host but without specifying the protocol. " +
        "Please add http:// or https:// to the host.",
    );
  }
  if (!/^https?$/i.test(protocol)) {
    throw new ChromaValueError(`Invalid URL. Unrecognized protocol - ${protocol}.`);
  }
}

function mustParse(address: string, host: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url) throw new ChromaValueError(`Invalid URL. Expected a host or a whole URL, but got ${host}`);
  // `fetch` refuses such addresses, and they end up in logs.
  if (url.username || url.password) {
    throw new ChromaValueError("Invalid URL. Expected credentials in headers or settings, not in the host");
  }
  return url;
}

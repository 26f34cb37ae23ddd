// Serves this example: its folder at `/`, the built package at `/chromalite/`. Any static host does.
//
//   node examples/service-worker/serve.mjs [port]

import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const typeByExtension = {
  ".html": "text/html",
  ".css": "text/css",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
};

const here = fileURLToPath(new URL("./", import.meta.url));
const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

/**
 * @param {Record<string, string>} [folders]  by the path that each is served at; the longest counts
 * @param {number} [port]  0: a free one
 * @returns {Promise<{ url: string, close(): Promise<void> }>}  `url` ends in a slash
 */
export async function serveFolders(folders = { "/": here, "/chromalite/": dist }, port = 0) {
  const server = createServer((request, response) => {
    const file = fileOf(folders, new URL(request.url, "http://localhost").pathname);
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": typeByExtension[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  await new Promise((done, failed) => {
    server.once("error", failed);
    server.listen(port, "127.0.0.1", done);
  });
  return {
    url: `http://localhost:${server.address().port}/`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** Undefined where there is none; a URL's path has no `..` left. */
function fileOf(folders, path) {
  const starts = Object.keys(folders).filter((start) => path.startsWith(start));
  const start = starts.sort((one, other) => other.length - one.length)[0];
  if (start === undefined) return undefined;
  const file = join(folders[start], path.slice(start.length), path.endsWith("/") ? "index.html" : "");
  return existsSync(file) && statSync(file).isFile() ? file : undefined;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  if (!existsSync(dist)) {
    console.error("dist/ is missing: npm run build makes it");
    process.exitCode = 1;
  } else {
    const { url } = await serveFolders(undefined, Number(process.argv[2] ?? 8787));
    console.log(url);
  }
}

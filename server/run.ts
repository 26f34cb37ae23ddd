// `chromalite run`: from options to a server, and from a signal to its end.

import { existsSync, mkdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { createApi } from "../http/api.ts";
import { isLoopback } from "../http/loopback.ts";
import type { Transport } from "../src/protocol/operation.ts";
import type { Terminal } from "./command.ts";
import { openEngine } from "./engine.ts";
import { listen, type HttpServer } from "./http-server.ts";
import type { RunOptions } from "./run-options.ts";

/** What a server that was told twice ends with: 128 + SIGINT, as shells have it. */
const EXIT_FORCED = 130;

/**
 * Serves until SIGINT or SIGTERM.
 * @throws {Error}  one line for the user: the port is taken, the path is open elsewhere…
 */
export async function run(options: RunOptions, terminal: Terminal): Promise<void> {
  const path = openFolder(options.path);
  const engine = await openEngine({ path, allowReset: options.allowReset });
  try {
    await serve(engine, { ...options, path }, terminal);
  } finally {
    await engine.close();
  }
}

async function serve(engine: Transport, options: RunOptions, terminal: Terminal): Promise<void> {
  const { token, corsOrigins, bodyBytesMax, host, path } = options;
  const api = createApi(engine, {
    corsOrigins,
    bodyBytesMax,
    openApiDocument: openApiDocument(),
    ...(token === undefined ? { loopbackOnly: isLoopback(host) } : { token }),
  });
  const server = await listen(api, options).catch((error: unknown) => {
    throw new Error(listenProblem(error as NodeJS.ErrnoException, options));
  });
  if (token === undefined && !isLoopback(host)) {
    terminal.warn(`chromalite: anyone who reaches ${host} can read and delete the data: give a --token`);
  }
  const stopped = stopSignal(server, terminal);
  terminal.tell(`Chromalite serves ${path} at ${urlOf(host, server.port)}`);
  await stopped;
}

/** Resolves when a signal came and the open requests are answered. */
async function stopSignal(server: HttpServer, terminal: Terminal): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        // A second one, of either kind, does not wait.
        for (const again of ["SIGINT", "SIGTERM"] as const) {
          process.removeAllListeners(again);
          process.once(again, () => process.exit(EXIT_FORCED));
        }
        terminal.tell(`${signal}: stopping when the open requests are answered`);
        resolve();
      });
    }
  });
  await server.close();
}

/** The directory, made where it is missing, as the name by which everyone knows it. */
function openFolder(path: string): string {
  try {
    makeFolder(resolve(path));
  } catch (error) {
    throw new Error(`--path ${path} cannot be made: ${(error as Error).message}`, { cause: error });
  }
  if (!statSync(path).isDirectory()) throw new Error(`--path ${path} is a file, expected a directory`);
  return realpathSync(path);
}

/** One level after the other: asked for all at once below /proc, Node 20 does not come back. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

/** The document of Chroma's server, whose routes these are. */
function openApiDocument(): string {
  return readFileSync(new URL("../tools/openapi/chroma-openapi.json", import.meta.url), "utf8");
}

function listenProblem({ code, message }: NodeJS.ErrnoException, { host, port }: RunOptions): string {
  if (code === "EADDRINUSE") return `port ${port} of ${host} is taken: give another --port`;
  if (code === "EACCES") return `port ${port} of ${host} is not allowed to this user: give another --port`;
  if (code === "ENOTFOUND" || code === "EADDRNOTAVAIL") return `${host} is no address of this machine`;
  return message;
}

function urlOf(host: string, port: number): string {
  const name = host === "127.0.0.1" ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

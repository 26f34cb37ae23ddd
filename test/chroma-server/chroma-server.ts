// Chroma's real single-node server for tests: the native addon that comes with the `chromadb` package,
// on a free port of this machine, with its data in a folder that goes when the server goes.

import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { constants, existsSync, readFileSync } from "node:fs";
import { access, mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { fetchCLibrary, UnreachableError } from "./c-library.ts";
import { chooseWay, parseOsRelease } from "./machine.ts";

/** A start takes half a second; on a machine that does much else, more. */
const START_TIMEOUT_MS = 60_000;

/** Several times what a test leaves with the server. */
const MEMORY_FOLDER_BYTES_MIN = 2 ** 30;

const cache = fileURLToPath(new URL("../../.cache/chroma-server", import.meta.url));
const script = fileURLToPath(new URL("server-script.mjs", import.meta.url));

export interface ServerOptions {
  /** Laid over the configuration: `allow_reset`, `cors_allow_origins`, … */
  readonly configuration?: Readonly<Record<string, unknown>>;
}

/** A server that runs; it has an empty folder at first, and `reset()` is allowed. */
export interface ChromaServer extends AsyncDisposable {
  readonly port: number;
  /** `http://localhost:` and the port. */
  readonly url: string;
  /** Where its configuration and data lie. */
  readonly folder: string;
  /** Kills the server if it still runs and starts it anew, on the same port and data. */
  restart(): Promise<void>;
  /** Kills the server and removes its data. */
  stop(): Promise<void>;
}

/**
 * Why no server can be started on this machine; undefined where one can. What Debian's packages could
 * give and do not is no such obstacle: then starting throws, and the tests fail.
 */
export async function chromaServerObstacle(): Promise<string | undefined> {
  const { obstacle } = await findLauncher();
  return obstacle;
}

/** @throws {Error}  It did not answer in a minute, or has ended; the message has what it said last. */
export async function startChromaServer({ configuration = {} }: ServerOptions = {}): Promise<ChromaServer> {
  const { command = [], obstacle } = await findLauncher();
  if (obstacle !== undefined) throw new Error(obstacle);

  const folder = await mkdtemp(join(await findRoomyFolder(), "chroma-server-"));
  const port = await findFreePort();
  const file = join(folder, "configuration.yaml");
  // JSON is YAML.
  await writeFile(
    file,
    JSON.stringify({
      port,
      listen_address: "127.0.0.1",
      persist_path: join(folder, "data"),
      allow_reset: true,
      cors_allow_origins: ["*"],
      ...configuration,
    }),
  );
  const start = (): Promise<ChildProcess> => startProcess([...command, script, file, folder], port);
  const stop = async (): Promise<void> => {
    await kill(child);
    await rm(folder, { recursive: true, force: true });
  };
  let child: ChildProcess;
  try {
    child = await start();
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    port,
    url: `http://localhost:${port}`,
    folder,
    async restart() {
      await kill(child);
      child = await start();
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** In memory where Linux has room for it: the server flushes each write, which costs a test most of its time. */
async function findRoomyFolder(): Promise<string> {
  const memory = "/dev/shm";
  try {
    const { bavail, bsize } = await statfs(memory);
    await access(memory, constants.W_OK);
    return bavail * bsize >= MEMORY_FOLDER_BYTES_MIN ? memory : tmpdir();
  } catch {
    return tmpdir();
  }
}

interface Launcher {
  /** What stands before the script in the command line. */
  readonly command?: readonly string[];
  readonly obstacle?: string;
}

async function findLauncher(): Promise<Launcher> {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  const osRelease = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  const choice = chooseWay({
    platform: process.platform,
    processor: process.arch,
    glibc: header.glibcVersionRuntime,
    ...parseOsRelease(osRelease),
    hasApt: ["apt-get", "dpkg"].every((name) => spawnSync(name, ["--version"]).status === 0),
  });
  if (choice.way === "none") return { obstacle: choice.obstacle };
  if (choice.way === "directly") return { command: [process.execPath] };
  try {
    const root = await fetchCLibrary(cache, choice.codename);
    const own = join(root, "usr", "lib", choice.folder);
    const places = [own, `/lib/${choice.folder}`, `/usr/lib/${choice.folder}`].join(":");
    return { command: [join(own, choice.loader), "--library-path", places, process.execPath] };
  } catch (error) {
    if (error instanceof UnreachableError) return { obstacle: error.message };
    throw error;
  }
}

async function startProcess(
  [program = "", ...parameters]: readonly string[],
  port: number,
): Promise<ChildProcess> {
  const child = spawn(program, parameters, { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  const listen = (chunk: Buffer): void => void (said = (said + chunk.toString()).slice(-4000));
  child.stdout.on("data", listen);
  child.stderr.on("data", listen);
  const failed = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) =>
      reject(new Error(`Chroma's server ended with ${signal ?? code}:\n${said}`)),
    );
  });
  const deadline = new AbortController();
  try {
    await Promise.race([failed, untilAnswers(port, deadline.signal, () => said)]);
    return child;
  } catch (error) {
    await kill(child);
    throw error;
  } finally {
    deadline.abort();
    failed.catch(() => undefined);
  }
}

async function untilAnswers(port: number, signal: AbortSignal, said: () => string): Promise<void> {
  const end = performance.now() + START_TIMEOUT_MS;
  while (!(await answers(port))) {
    if (signal.aborted) return;
    if (performance.now() > end) throw new Error(`Chroma's server does not answer:\n${said()}`);
    await wait(20);
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://localhost:${port}/api/v2/heartbeat`);
    return response.ok;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** By SIGKILL: with connections kept alive the server does not end by a milder signal. */
async function kill(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGKILL");
  await closed;
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

// The command `chromalite` of the installed package, as a shell runs it.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ChromaClient } from "chromadb";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { installPackage, root, type InstalledPackage } from "./installed-package.ts";

let installed: InstalledPackage;
beforeAll(async () => {
  installed = await installPackage();
});
afterAll(() => installed.remove());

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run of the command. */
class Command {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #stdout = "";
  #stderr = "";

  constructor(args: readonly string[], environment: Record<string, string> = {}) {
    this.#child = spawn(join(installed.folder, "node_modules", ".bin", "chromalite"), args, {
      cwd: installed.folder,
      env: { ...process.env, ...environment },
    });
    running.add(this.#child);
    this.#child.stdout?.on("data", (chunk: Buffer) => (this.#stdout += chunk.toString()));
    this.#child.stderr?.on("data", (chunk: Buffer) => (this.#stderr += chunk.toString()));
    this.ended = once(this.#child, "close").then(([code]) => {
      running.delete(this.#child);
      return { code: code as number | null, stdout: this.#stdout, stderr: this.#stderr };
    });
  }

  async port(): Promise<number> {
    return Number(await this.said(/ at http:\/\/\S+:(\d+)\n/));
  }

  /** Waits until stdout has `text` in it; what its first group matched. */
  async said(text: RegExp): Promise<string | undefined> {
    for (;;) {
      const match = text.exec(this.#stdout);
      if (match) return match[1];
      await Promise.race([
        once(this.#child.stdout!, "data"),
        this.ended.then(({ stderr }) => {
          throw new Error(`it ended before it said ${String(text)}: ${stderr}`);
        }),
      ]);
    }
  }

  /** Nobody reads what it says from here on: its next line meets a closed pipe. */
  stopListening(): void {
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

const run = (...args: string[]): Command => new Command(["run", "--port", "0", ...args]);

test("what one run stored, the next one serves; a signal ends it with 0 and frees the path", async () => {
  for (const [signal, count] of [
    ["SIGTERM", 1],
    ["SIGINT", 2],
  ] as const) {
    const command = run("--path", "./notes");
    const client = new ChromaClient({ host: "localhost", port: await command.port() });
    const notes = await client.getOrCreateCollection({ name: "notes", embeddingFunction: null });
    await notes.add({ ids: [`id-${count}`], embeddings: [[count, 1]] });
    expect(await notes.count()).toBe(count);
    command.kill(signal);
    const { code, stdout, stderr } = await command.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^Chromalite serves \/\S+\/notes at http:\/\/localhost:\d+\nSIG(TERM|INT): stopping .*\n$/,
    );
  }
});

test("it serves the document of Chroma's server, byte by byte", async () => {
  const command = run("--path", "./document");
  const served = await fetch(`http://localhost:${await command.port()}/openapi.json`);
  const document = await readFile(join(root, "tools", "openapi", "chroma-openapi.json"), "utf8");
  expect(await served.text()).toBe(document);
  command.kill("SIGTERM");
  await command.ended;
});

test("a batch of the size that the pre-flight tells is stored; a body above the limit is refused", async () => {
  const command = run("--path", "./batches", "--body-limit", "4");
  const port = await command.port();
  const client = new ChromaClient({ host: "localhost", port });
  const notes = await client.createCollection({ name: "notes", embeddingFunction: null });
  const most = await client.getMaxBatchSize();
  expect(most).toBe(419);
  // What the promise is made for: a vector of 1,536 numbers and 1.8 kB of text for each record.
  const records = (count: number) => ({
    ids: Array.from({ length: count }, (_, index) => `id-${index}`),
    embeddings: Array.from({ length: count }, () => new Array<number>(1536).fill(0.123456789)),
    documents: Array.from({ length: count }, (_, index) => String(index).padStart(1750, "text ")),
  });
  await notes.add(records(most));
  expect(await notes.count()).toBe(most);
  await expect(notes.add(records(most + 1))).rejects.toThrow("exceeds max batch size 419");
  const url = `http://localhost:${port}/api/v2/tenants/default_tenant/databases/default_database/collections`;
  const add = (bytes: number): Promise<Response> => {
    const body = JSON.stringify({
      ids: ["above"],
      embeddings: [new Array<number>(1536).fill(1)],
      uris: [""],
    });
    const padded = body.replace('[""]', `["${"u".repeat(bytes - body.length)}"]`);
    return fetch(`${url}/${notes.id}/add`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: padded,
    });
  };
  expect((await add(4 * 1024 * 1024 + 1)).status).toBe(413);
  expect(await notes.count()).toBe(most);
  expect((await add(4 * 1024 * 1024)).status).toBe(201);
  expect(await notes.count()).toBe(most + 1);
  command.kill("SIGTERM");
  await command.ended;
});

test("the token may come from the environment, and reset is off unless asked for", async () => {
  const command = new Command(["run", "--port", "0", "--path", "./guarded"], { CHROMALITE_TOKEN: "secret" });
  const port = await command.port();
  const stranger = new ChromaClient({ host: "localhost", port });
  await expect(stranger.listCollections()).rejects.toMatchObject({ name: "ChromaAuthError" });
  const friend = new ChromaClient({ host: "localhost", port, headers: { "x-chroma-token": "secret" } });
  expect(await friend.listCollections()).toEqual([]);
  await expect(friend.reset()).rejects.toMatchObject({ name: "ChromaForbiddenError" });
  command.kill("SIGTERM");
  expect(await command.ended).toMatchObject({ code: 0 });

  const open = run("--path", "./guarded", "--allow-reset", "--cors-origin", "https://page.example");
  const url = `http://localhost:${await open.port()}/api/v2/reset`;
  const reset = await fetch(url, { method: "POST", headers: { origin: "https://page.example" } });
  expect(await reset.json()).toBe(true);
  expect(reset.headers.get("access-control-allow-origin")).toBe("https://page.example");
  open.kill("SIGTERM");
  await open.ended;
});

test("a second signal does not wait for a request that hangs", async () => {
  const command = run("--path", "./hanging");
  const port = await command.port();
  const hanging = expect(
    fetch(`http://localhost:${port}/api/v2/tenants`, {
      method: "POST",
      body: new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode("{")) }),
      duplex: "half",
    } as RequestInit),
  ).rejects.toThrow();
  // The answer to another request shows that the first has arrived.
  await fetch(`http://localhost:${port}/api/v2/version`);
  command.kill("SIGINT");
  await command.said(/SIGINT: stopping/);
  command.kill("SIGINT");
  expect((await command.ended).code).toBe(130);
  await hanging;
});

test("whoever started it may stop reading once the port is told: it serves, and ends with 0", async () => {
  const server = run("--path", "unheard");
  const client = new ChromaClient({ host: "127.0.0.1", port: await server.port() });
  server.stopListening();
  const notes = await client.createCollection({ name: "notes", embeddingFunction: null });
  await notes.add({ ids: ["a"], embeddings: [[1, 2]] });
  server.kill("SIGTERM");
  expect((await server.ended).code).toBe(0);
});

test.each([
  [["--version"], 0, /^\d+\.\d+\.\d+\n$/, /^$/],
  [["--help"], 0, /^Usage: chromalite <command>/, /^$/],
  [["run", "--help"], 0, /^Usage: chromalite run \[options\]/, /^$/],
  [[], 2, /^$/, /^chromalite: no command given; chromalite --help lists them\n$/],
  [["serve"], 2, /^$/, /^chromalite: unknown command serve;.*\n$/],
  [["run", "--port", "x"], 2, /^$/, /^chromalite: --port x: expected a whole number.*\n$/],
  [["run", "--path", "./package.json"], 1, /^$/, /^chromalite: --path \.\/package\.json is a file.*\n$/],
  [["run", "--path", "./x", "--host", "192.0.2.1"], 1, /^$/, /^chromalite: 192\.0\.2\.1 is no address.*\n$/],
])("chromalite %j ends with %i and says so", async (args, code, stdout, stderr) => {
  const ended = await new Command(args).ended;
  expect(ended.code).toBe(code);
  expect(ended.stdout).toMatch(stdout);
  expect(ended.stderr).toMatch(stderr);
});

test("a path that is open elsewhere, and a port that is taken, are one line and 1", async () => {
  const first = run("--path", "./taken");
  const port = await first.port();
  const samePath = await run("--path", "./taken").ended;
  expect(samePath).toMatchObject({ code: 1, stdout: "" });
  expect(samePath.stderr).toMatch(/^chromalite: ".*\/taken" is open in another client or process.*\n$/);
  const samePort = await new Command(["run", "--path", "./other", "--port", String(port)]).ended;
  expect(samePort).toMatchObject({
    code: 1,
    stdout: "",
    stderr: `chromalite: port ${port} of 127.0.0.1 is taken: give another --port\n`,
  });
  first.kill("SIGTERM");
  expect(await first.ended).toMatchObject({ code: 0 });
});

test("a server beyond this machine without a token is warned of", async () => {
  const command = run("--path", "./public", "--host", "0.0.0.0");
  await command.port();
  command.kill("SIGTERM");
  expect((await command.ended).stderr).toMatch(
    /^chromalite: anyone who reaches 0\.0\.0\.0 can read .* --token\n$/,
  );
});

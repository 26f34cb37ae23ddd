// `chromalite run` as a user starts it: the built command on a folder of its own, in a process of its own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

export interface ServedFolder {
  readonly port: number;
  readonly url: string;
  /** Ends the server as a user does, and removes the folder. */
  stop(): Promise<void>;
}

/** Serves an empty folder on a free port; resets are allowed, and pages of every origin. */
export async function startChromaliteRun(): Promise<ServedFolder> {
  const folder = await mkdtemp(join(tmpdir(), "chromalite-run-"));
  const options = ["--path", folder, "--port", "0", "--allow-reset", "--cors-origin", "*"];
  const child = spawn(process.execPath, [command, "run", ...options], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => void (said += chunk.toString()));
  const closed = once(child, "close");
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await closed;
    await rm(folder, { recursive: true, force: true });
  };
  for await (const line of createInterface(child.stdout)) {
    const url = / at (http:\S+)$/.exec(line)?.[1];
    if (url !== undefined) return { url, port: Number(new URL(url).port), stop };
  }
  await stop();
  throw new Error(`chromalite run did not start: ${said}`);
}

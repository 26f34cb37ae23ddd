// A process that takes locks for a test, started alone or by a command that changes what it sees.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { bundleFixture, type BundledFixture } from "../client/bundle-fixture.ts";
import type { LockAnswer, LockCall } from "./lock-program.ts";

export function bundleLockProgram(): Promise<BundledFixture> {
  return bundleFixture(new URL("lock-program.ts", import.meta.url));
}

export class LockProcess {
  readonly #child: ChildProcess;

  /** @param command  what runs the command that follows it */
  constructor(program: BundledFixture, command: readonly string[] = []) {
    const [file, ...parameters] = [...command, process.execPath];
    const script = fileURLToPath(program.url);
    this.#child = spawn(file, [...parameters, script], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  }

  /** Whether it got the lock; `at` is when it begins, in milliseconds of the epoch. */
  take(directory: string, at?: number): Promise<boolean> {
    return this.#call({ take: directory, ...(at === undefined ? {} : { at }) });
  }

  async release(directory: string): Promise<void> {
    await this.#call({ release: directory });
  }

  /** It lives on and does nothing. */
  stop(): void {
    this.#child.kill("SIGSTOP");
  }

  async kill(): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }

  async #call(call: LockCall): Promise<boolean> {
    const answered = once(this.#child, "message") as Promise<[LockAnswer]>;
    this.#child.send(call);
    const [answer] = await answered;
    if ("error" in answer) throw new Error(answer.error);
    return answer.owned;
  }
}

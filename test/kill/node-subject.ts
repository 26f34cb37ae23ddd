// The program in a process of Node's, its path a folder.

import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { Settings } from "../../src/index.ts";
import type { ChildCall, ChildMessage } from "./child-messages.ts";
import type { FoundCollection, Probe } from "./program.ts";
import type { Site } from "./site.ts";
import type { Steps, Subject } from "./subject.ts";

interface OpenCall {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class NodeSubject implements Subject {
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  readonly #openCalls = new Map<number, OpenCall>();
  #acknowledged: (step: number) => void = () => undefined;
  #isKilled = false;
  #ended: Error | undefined;
  #calls = 0;

  constructor({ folder }: Site, path: string, settings: Settings = {}) {
    this.#child = fork(join(folder, "node-script.js"), [path, JSON.stringify(settings)], {
      cwd: folder,
      serialization: "advanced",
    });
    this.#child.on("message", (message: ChildMessage) => this.#receive(message));
    // "close", not "exit": what the process said before its end has then been read.
    this.#gone = new Promise((resolve) => {
      this.#child.once("close", (code, signal) => {
        this.#ended = new Error(`the process ended with ${signal ?? code}`);
        for (const { reject } of this.#openCalls.values()) reject(this.#ended);
        resolve();
      });
    });
  }

  open(): Promise<number> {
    return this.#call({ method: "open" }) as Promise<number>;
  }

  readBack(): Promise<FoundCollection[]> {
    return this.#call({ method: "readBack" }) as Promise<FoundCollection[]>;
  }

  nearest(probes: readonly Probe[]): Promise<(string | undefined)[]> {
    return this.#call({ method: "nearest", probes }) as Promise<(string | undefined)[]>;
  }

  /** Bytes of memory that the process takes. */
  memory(): Promise<number> {
    return this.#call({ method: "memory" }) as Promise<number>;
  }

  async write(steps: Steps, acknowledged: (step: number) => void): Promise<void> {
    this.#acknowledged = acknowledged;
    try {
      await this.#call({ method: "write", steps });
    } catch (error) {
      if (!this.#isKilled) throw error;
    }
  }

  kill(): Promise<void> {
    this.#isKilled = true;
    this.#child.kill("SIGKILL");
    return this.#gone;
  }

  async close(): Promise<void> {
    await this.#call({ method: "close" });
    await this.#gone;
  }

  #call(call: ChildCall): Promise<unknown> {
    const id = ++this.#calls;
    return new Promise((resolve, reject) => {
      if (this.#ended) throw this.#ended;
      this.#openCalls.set(id, { resolve, reject });
      // A process that is just dying is told of by its end.
      this.#child.send({ id, call }, () => undefined);
    });
  }

  #receive(message: ChildMessage): void {
    if ("acknowledged" in message) {
      this.#acknowledged(message.acknowledged);
      return;
    }
    const call = this.#openCalls.get(message.id);
    this.#openCalls.delete(message.id);
    if ("error" in message) call?.reject(new Error(message.error));
    else call?.resolve(message.result);
  }
}

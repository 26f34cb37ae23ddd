// The world of a tab in a browser: its worker, the meeting of its path, its page's life.

import type { EngineOptions } from "../../protocol/engine-port.ts";
import type { EngineWorker } from "../engine-worker.ts";
import { WorkerTransport } from "../worker-transport.ts";
import { asNoted, type CreationNote } from "./creation-note.ts";
import { joinMeeting } from "./path-meeting.ts";
import type { LifeListener, TabWorld } from "./tab-world.ts";

export interface BrowserWorldOptions {
  /** Canonical. */
  readonly path: string;
  readonly engine: EngineOptions;
  readonly startWorker: () => EngineWorker;
  readonly canRestart: boolean;
  readonly startBroker: () => SharedWorker;
  /** What the page remembers of the path: read before an opening, told what came of it. */
  readonly note: CreationNote;
}

export function browserWorld(options: BrowserWorldOptions): TabWorld {
  const { path, canRestart, note } = options;
  const engine: EngineOptions = { ...options.engine, waits: true };
  return {
    canRestart,
    async startWorker() {
      const transport = await WorkerTransport.greet(options.startWorker(), { keepsOperations: true });
      return {
        dead: transport.dead,
        async open() {
          const opened = await transport.open(path, asNoted(engine, note.read()));
          note.take(opened);
          return opened;
        },
        call: (operation) => transport.call(operation),
        connect: (wire) => transport.connect(wire),
        rouse: () => transport.rouse(),
        close: () => transport.close(),
        end: () => transport.end(),
      };
    },
    meet(listener) {
      const { startBroker } = options;
      return joinMeeting({ path, engine: asNoted(engine, note.read()), startBroker }, listener);
    },
    watchLife,
    every(ms, tick) {
      const timer = setInterval(tick, ms);
      return () => clearInterval(timer);
    },
  };
}

/**
 * A page in the back/forward cache, or frozen, keeps its Web Locks and files while nothing in it runs
 * (Chromium 156): its worker has to go before. Workers have none of these events, and none of that sleep.
 */
function watchLife(listener: LifeListener): () => void {
  if (typeof document === "undefined") return () => undefined;
  const listening = new AbortController();
  const { signal } = listening;
  const suspend = (): void => listener.suspend();
  const resume = (): void => listener.resume();
  addEventListener("pagehide", suspend, { signal });
  addEventListener("pageshow", resume, { signal });
  document.addEventListener("freeze", suspend, { signal });
  document.addEventListener("resume", resume, { signal });
  return () => listening.abort();
}

// Run in each tab: a program that writes in several streams at once and says what was answered, and a
// hand on the tab's workers, so that the test can end them.

import { EphemeralClient, PersistentClient, type Collection } from "../../src/index.ts";

/** What a tab says as it happens; the test holds the others to it. */
export type Event =
  | readonly ["added", id: string]
  | readonly ["deleting", key: string]
  | readonly ["deleted", key: string]
  | readonly ["created", name: string]
  | readonly ["problem", text: string];

/** Where the tabs of a test keep their path. */
export type TabBackend = "opfs" | "indexeddb";

export interface TabPage {
  readonly PersistentClient: typeof PersistentClient;
  readonly EphemeralClient: typeof EphemeralClient;
  /** Set by `open`. */
  client: PersistentClient;
  notes: Collection;
  open(path: string, backend?: TabBackend): Promise<void>;
  /** Writes until `stop`, and tells by the binding `tell`. */
  start(tab: string): void;
  /** Begins nothing more, and waits for the calls that are open. */
  stop(): Promise<void>;
  /** Ends every worker of this tab as a crash would: without a word to anybody. */
  endWorkers(): void;
  /** Asks one thing after another that needs no collection, and keeps the longest time between two answers. */
  probe(): void;
  /** That time in ms, once the probing has gone on through what happened: `ms` more without a longer one. */
  stopProbing(ms: number): Promise<number>;
  /** Milliseconds a call of so many, after a hundred that warm up: one alone is shorter than the page's clock can tell. */
  time(work: "query" | "add", calls: number): Promise<number>;
  /** How the page was shown, time after time: from the back/forward cache or not. */
  readonly shown: boolean[];
}

declare global {
  var tabPage: TabPage;
  var tell: (events: readonly Event[]) => Promise<void>;
}

const STREAMS = 3;
const ROUND_RECORDS = 3;

const workers = new Set<Worker>();
globalThis.Worker = class extends Worker {
  constructor(url: string | URL, options?: WorkerOptions) {
    super(url, options);
    workers.add(this);
  }
};

let isStopped = false;
let streams: Promise<void>[] = [];
let probing: { stop(): void; longestGap: number; lastGapAt: number } | undefined;
const shown: boolean[] = [];
addEventListener("pageshow", ({ persisted }) => shown.push(persisted));

/** The id that another tab was told last is stored: everybody must see it. */
const answered = new BroadcastChannel("answered");

const tabPage: Omit<TabPage, "client" | "notes"> = {
  PersistentClient,
  EphemeralClient,
  async open(path, backend = "opfs") {
    const client = new PersistentClient({ path, backend });
    const notes = await client.getOrCreateCollection({ name: "notes", embeddingFunction: null });
    Object.assign(tabPage, { client, notes });
  },
  shown,
  start(tab) {
    isStopped = false;
    streams = Array.from({ length: STREAMS }, (_, stream) => write(`${tab}-${stream}`));
    answered.addEventListener("message", ({ data }: MessageEvent<string>) => void check(data));
  },
  async stop() {
    isStopped = true;
    await Promise.all(streams);
  },
  endWorkers() {
    for (const worker of workers) worker.terminate();
    workers.clear();
  },
  probe() {
    let isOn = true;
    const state = { stop: () => (isOn = false), longestGap: 0, lastGapAt: performance.now() };
    probing = state;
    void (async () => {
      for (let last = performance.now(); isOn;) {
        await globalThis.tabPage.client.countCollections();
        const now = performance.now();
        if (now - last > state.longestGap) {
          state.longestGap = now - last;
          state.lastGapAt = now;
        }
        last = now;
      }
    })();
  },
  async stopProbing(ms) {
    const state = probing!;
    while (performance.now() < state.lastGapAt + ms) await new Promise((turn) => setTimeout(turn, 5));
    state.stop();
    return state.longestGap;
  },
  async time(work, calls) {
    const { notes } = globalThis.tabPage;
    const queryEmbeddings = [Array.from({ length: 384 }, (_, i) => Math.sin(i))];
    let start = 0;
    for (let call = -100; call < calls; call++) {
      if (call === 0) start = performance.now();
      if (work === "query") await notes.query({ queryEmbeddings, nResults: 10 });
      else await notes.add({ ids: [crypto.randomUUID()], embeddings: queryEmbeddings });
    }
    return (performance.now() - start) / calls;
  },
};
Object.assign(globalThis, { tabPage });

function say(event: Event): void {
  void globalThis.tell([event]);
}

/**
 * Rounds of a few adds, a delete of a collection that is not there together with its creation, and a delete of what
 * was added. A write that is carried out twice, or out of order, shows: a name is taken, or gone; a delete finds
 * nothing; a record that was deleted is there again.
 */
async function write(stream: string): Promise<void> {
  const { client, notes } = globalThis.tabPage;
  for (let round = 0; !isStopped; round++) {
    const key = `${stream}-${round}`;
    try {
      for (let i = 0; i < ROUND_RECORDS; i++) {
        const id = `${key}-${i}`;
        await notes.add({ ids: [id], embeddings: [[round, i, 1, 0]], metadatas: [{ key }] });
        say(["added", id]);
        answered.postMessage(id);
      }
      if (round % 3 === 0) {
        // At once, and in this order: were the delete sent again and done after the create, the name would be lost.
        const [deleted, created] = await Promise.allSettled([
          client.deleteCollection({ name: key }),
          client.createCollection({ name: key, embeddingFunction: null }),
        ]);
        if (created.status === "rejected") throw created.reason;
        if (deleted.status === "fulfilled") say(["problem", `${key} was deleted before it was there`]);
        say(["created", key]);
      }
      if (round % 2 === 0) {
        // Known to the test before it can happen, or a delete by a tab that goes now would look like a loss.
        await globalThis.tell([["deleting", key]]);
        const { deleted } = await notes.delete({ where: { key } });
        if (deleted !== ROUND_RECORDS)
          say(["problem", `${deleted} of ${key} deleted: expected ${ROUND_RECORDS}`]);
        say(["deleted", key]);
      }
    } catch (error) {
      say(["problem", `${key}: ${String(error)}`]);
      return;
    }
  }
}

/** Another tab's record is seen once that tab knows that it is stored; it may be deleted meanwhile, by then. */
async function check(id: string): Promise<void> {
  const round = Number(id.split("-").at(-2));
  if (isStopped || round % 2 === 0) return;
  try {
    const { ids } = await globalThis.tabPage.notes.get({ ids: [id], include: [] });
    if (ids.length !== 1) say(["problem", `${id} was stored by another tab and is not seen`]);
  } catch (error) {
    say(["problem", `${id}: ${String(error)}`]);
  }
}

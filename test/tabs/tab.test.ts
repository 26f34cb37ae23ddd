// Tabs that come, write, sleep, crash and go in every order that a seed draws, over channels that deliver
// in any order: each write that was answered is done, none is done twice, and none that a living tab
// made stays without an answer.

import fc from "fast-check";
import { expect, test } from "vitest";
import { Failure } from "../../src/protocol/failure.ts";
import type { Reply } from "../../src/protocol/operation.ts";
import { openCallsMax } from "../../src/transport/tabs/outbox.ts";
import { Tab } from "../../src/transport/tabs/tab.ts";
import type { MeetingListener, TabWorld } from "../../src/transport/tabs/tab-world.ts";
import { FakeOrigin } from "./fake-origin.ts";

type Step =
  | { readonly kind: "open" }
  | {
      readonly kind:
        | "write"
        | "create"
        | "remove"
        | "crash worker"
        | "sleep"
        | "wake"
        | "close"
        | "crash tab";
      readonly tab: number;
    };

const steps = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: fc.constant<Step>({ kind: "open" }) },
    {
      weight: 10,
      arbitrary: fc.record({
        kind: fc.constantFrom("write", "create", "remove"),
        tab: fc.nat(5),
      }) as fc.Arbitrary<Step>,
    },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constantFrom("crash worker", "sleep", "wake", "close", "crash tab"),
        tab: fc.nat(5),
      }) as fc.Arbitrary<Step>,
    },
  ),
  { minLength: 1, maxLength: 60, size: "max" },
);

interface Living {
  readonly tab: Tab;
  readonly number: number;
  readonly fake: ReturnType<FakeOrigin["world"]>;
  readonly calls: Promise<unknown>[];
  isAsleep: boolean;
}

/** Runs a program; what is left open at the end is answered before it returns. */
async function run(
  program: readonly Step[],
  scheduler: fc.Scheduler,
  { remembers = true, notes = true } = {},
) {
  const later = (what: string, action: () => void): void => {
    void scheduler.schedule(Promise.resolve(), what).then(action);
  };
  const origin = new FakeOrigin(later);
  Object.assign(origin.disk, { remembers, notes });
  const living: Living[] = [];
  const answered: string[] = [];
  const refused: string[] = [];
  const givenUp: string[] = [];
  let writes = 0;
  let opened = 0;

  const open = (): void => {
    const fake = origin.world();
    const tab = new Tab(fake.world, { allowReset: false });
    living.push({ tab, number: ++opened, fake, calls: [], isAsleep: false });
  };
  const step = ({ kind, ...rest }: Step): void => {
    if (kind === "open" || living.length === 0) return open();
    const place = ("tab" in rest ? rest.tab : 0) % living.length;
    const one = living[place]!;
    switch (kind) {
      case "write":
      case "create":
      case "remove": {
        // One name for all: what is refused depends on what came before, of this tab and of others.
        const name = `${kind} name by ${one.number}: ${++writes}`;
        const call = one.tab.call({ method: "post", route: "/write", body: name }).then(
          (reply: Reply) => {
            if (reply.ok) answered.push(name);
            else if (reply.error.name === "RefusedError") refused.push(name);
            else givenUp.push(name);
          },
          () => givenUp.push(name),
        );
        one.calls.push(call);
        break;
      }
      case "crash worker":
        one.fake.crash();
        break;
      case "sleep":
        one.isAsleep = true;
        one.fake.life().suspend();
        break;
      case "wake":
        one.isAsleep = false;
        one.fake.life().resume();
        break;
      case "close":
        if (one.calls.length > 0) break;
        living.splice(place, 1);
        void one.tab.close();
        break;
      case "crash tab":
        // Its worker goes with it; nobody hears of its calls.
        living.splice(place, 1);
        one.fake.life().suspend();
        break;
    }
  };

  for (const each of program) {
    step(each);
    if (scheduler.count() > 0) await scheduler.waitOne();
  }
  for (const one of living) if (one.isAsleep) one.fake.life().resume();
  const rest = Promise.all(living.flatMap(({ calls }) => calls)).then(() => true);
  let isDone = false;
  void rest.then(() => (isDone = true));
  for (let turn = 0; turn < 3000 && !isDone; turn++) {
    if (scheduler.count() > 0) await scheduler.waitOne();
    else for (const { fake } of living) fake.tick();
    await Promise.resolve();
  }
  return { done: origin.disk.done, answered, refused, givenUp, isDone };
}

/** The numbers that the writes of each tab were made with, in the order in which they were carried out. */
function orderByTab(done: readonly string[]): number[][] {
  const numbers = new Map<string, number[]>();
  for (const write of done) {
    const [, tab, number] = /by (\d+): (\d+)$/.exec(write)!;
    numbers.set(tab!, [...(numbers.get(tab!) ?? []), Number(number)]);
  }
  return [...numbers.values()];
}

function hasManyCrashes(program: readonly Step[]): boolean {
  return program.filter(({ kind }) => kind === "crash worker").length >= 5;
}

function isInOrder(done: readonly string[]): boolean {
  return orderByTab(done).every((numbers) => numbers.every((n, i) => i === 0 || numbers[i - 1]! < n));
}

test("nothing answered is lost, nothing is done twice or out of its tab's order, every call is answered", async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.scheduler(), async (program, scheduler) => {
      const { done, answered, refused, givenUp, isDone } = await run(program, scheduler);
      expect(isDone).toBe(true);
      expect(new Set(done).size).toBe(done.length);
      expect(done).toEqual(expect.arrayContaining(answered));
      expect(done.filter((write) => refused.includes(write))).toEqual([]);
      expect(isInOrder(done)).toBe(true);
      // Given up are only calls that worker after worker crashed over; sleep and closing do not count.
      if (!hasManyCrashes(program)) expect(givenUp).toEqual([]);
    }),
    { numRuns: process.env["CHROMALITE_FULL"] ? 20_000 : 500 },
  );
});

test("canary: without the memory of what was answered, some write is done twice", async () => {
  const check = fc.check(
    fc.asyncProperty(steps, fc.scheduler(), async (program, scheduler) => {
      const { done } = await run(program, scheduler, { remembers: false });
      return new Set(done).size === done.length;
    }),
    { numRuns: 2000, endOnFailure: true },
  );
  expect((await check).failed).toBe(true);
});

test("canary: without the memory of what was refused, some write would be done after a later one of its tab", async () => {
  const check = fc.check(
    fc.asyncProperty(steps, fc.scheduler(), async (program, scheduler) => {
      const { givenUp } = await run(program, scheduler, { notes: false });
      // It is held back instead: nobody knows any more that it was refused.
      return hasManyCrashes(program) || givenUp.length === 0;
    }),
    { numRuns: 5000, endOnFailure: true },
  );
  expect((await check).failed).toBe(true);
});

/** Everything at once, in order. */
function promptWorld(): { origin: FakeOrigin; open: (change?: Partial<TabWorld>) => Tab } {
  const origin = new FakeOrigin((_, action) => queueMicrotask(action));
  return { origin, open: (change) => new Tab({ ...origin.world().world, ...change }, { allowReset: false }) };
}

const write = (tab: Tab): Promise<Reply> => tab.call({ method: "post", route: "/write", body: "x" });

test("the first tab leads, the second reaches it, and leads when the first has closed", async () => {
  const { open } = promptWorld();
  const first = open();
  await write(first);
  const second = open();
  await write(second);
  expect([first.reach, second.reach]).toEqual(["own-worker", "message-port"]);
  await first.close();
  await write(second);
  expect(second.reach).toBe("own-worker");
  expect(await write(first)).toMatchObject({ ok: false, error: { code: "closed" } });
});

test("a worker that cannot be started is told by every call, and the tab is at its end", async () => {
  const { open } = promptWorld();
  const failure = new Failure("worker-start", "no such file");
  const tab = open({ startWorker: () => Promise.reject(failure) });
  expect(await write(tab)).toMatchObject({ error: { code: "worker-start" } });
  expect(await tab.dead).toBe(failure);
});

test("a path that cannot be opened is told with what the engine said", async () => {
  const { origin, open } = promptWorld();
  const { world } = origin.world();
  const corrupt: Reply = {
    ok: false,
    error: { status: 500, name: "InternalError", message: "bad", code: "corrupt" },
  };
  const tab = open({
    startWorker: async () => {
      const worker = await world.startWorker();
      worker.open = () => Promise.resolve(corrupt);
      return worker;
    },
  });
  expect(await write(tab)).toEqual(corrupt);
  await tab.dead;
});

test("workers that die one after another without an answer end the tab", async () => {
  const { origin, open } = promptWorld();
  const { world } = origin.world();
  const tab = open({
    startWorker: async () => {
      const worker = await world.startWorker();
      queueMicrotask(() => worker.end());
      return worker;
    },
  });
  expect(await write(tab)).toMatchObject({ error: { code: "worker-died" } });
});

test("beside a newer build a tab answers what its engine has, and asks for a reload from then on", async () => {
  const { origin, open } = promptWorld();
  const { world } = origin.world();
  let hear: MeetingListener | undefined;
  const old = open({
    meet: (listener) => {
      hear = listener;
      return world.meet(listener);
    },
  });
  await write(old);
  const underWay = write(old);
  hear?.outdated();
  expect(await underWay).toMatchObject({ ok: true });
  expect(await write(old)).toMatchObject({ error: { code: "build-outdated" } });
  const next = open();
  await write(next);
  expect(next.reach).toBe("own-worker");
});

test.each(["close", "outdated"] as const)(
  "a tab that follows has its calls answered before it ends: %s",
  async (end) => {
    // The engine takes its time over the third write, and all else happens at once.
    const slow: (() => void)[] = [];
    const origin = new FakeOrigin((what, action) => {
      if (what === "reply" && origin.disk.done.length > 2) slow.push(action);
      else queueMicrotask(action);
    });
    const leader = new Tab(origin.world().world, { allowReset: false });
    await write(leader);
    let hear: MeetingListener | undefined;
    const { world } = origin.world();
    const meet = (listener: MeetingListener) => world.meet((hear = listener));
    const follower = new Tab({ ...world, meet }, { allowReset: false });
    await write(follower);
    expect(follower.reach).toBe("message-port");
    const underWay = write(follower);
    if (end === "close") void follower.close();
    else hear?.outdated();
    const ended = follower.dead.then(() => "ended");
    // Long enough for all else that there is to do.
    for (let turn = 0; turn < 200; turn++) await Promise.resolve();
    expect(slow).toHaveLength(1);
    for (const reply of slow) reply();
    expect(await underWay).toMatchObject({ ok: true });
    if (end === "close") await ended;
    const code = end === "close" ? "closed" : "build-outdated";
    expect(await write(follower)).toMatchObject({ error: { code } });
  },
);

/** An engine that answers when it is told to, in a world where all else happens at once. */
function slowWorld(): { origin: FakeOrigin; answer: () => void } {
  const replies: (() => void)[] = [];
  const origin = new FakeOrigin((what, action) => {
    if (what === "reply") replies.push(action);
    else queueMicrotask(action);
  });
  return { origin, answer: () => replies.splice(0).forEach((reply) => reply()) };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await Promise.resolve();
}

test("a call that is open while its page sleeps and wakes ten times is answered", async () => {
  const { origin, answer } = slowWorld();
  const { world, life } = origin.world();
  const tab = new Tab(world, { allowReset: false });
  const call = write(tab);
  await settle();
  for (let nap = 0; nap < 10; nap++) {
    life().suspend();
    await settle();
    life().resume();
    await settle();
  }
  answer();
  expect(await call).toMatchObject({ ok: true });
  expect(origin.disk.done).toHaveLength(1);
});

test("a call that is open while ten tabs lead and close, one after another, is answered", async () => {
  const { origin, answer } = slowWorld();
  const leaders = Array.from({ length: 10 }, () => origin.world());
  const tabs: Tab[] = [];
  for (const { world } of leaders) {
    tabs.push(new Tab(world, { allowReset: false }));
    await settle();
  }
  expect(tabs[0]!.reach).toBe("own-worker");
  const follower = new Tab(origin.world().world, { allowReset: false });
  await settle();
  const call = write(follower);
  await settle();
  for (const leader of leaders) {
    expect(follower.reach).toBe("message-port");
    // As a page that is closed: nobody is told, its worker is gone.
    leader.life().suspend();
    await settle();
  }
  expect(follower.reach).toBe("own-worker");
  answer();
  expect(await call).toMatchObject({ ok: true });
});

test("a call that each of our workers crashes over is given up, and the next is answered", async () => {
  const { origin } = slowWorld();
  const { world, crash } = origin.world();
  const tab = new Tab(world, { allowReset: false });
  const outcome = expect(write(tab)).rejects.toMatchObject({ code: "worker-died" });
  for (let i = 0; i < 5; i++) {
    await settle();
    crash();
  }
  await outcome;
});

test("a tab whose worker cannot be started goes on following, and gets in line later", async () => {
  const { origin, open } = promptWorld();
  const leader = origin.world();
  expect(await write(open(leader.world))).toMatchObject({ ok: true });
  const { world, crash } = origin.world();
  const pauses: number[] = [];
  const pausing: (() => void)[] = [];
  let isOffline = false;
  const follower = open({
    ...world,
    startWorker: () =>
      isOffline ? Promise.reject(new Failure("worker-start", "no such file")) : world.startWorker(),
    every(ms, tick) {
      if (ms < 1000) return world.every(ms, tick);
      pauses.push(ms);
      pausing.push(tick);
      return () => pausing.splice(pausing.indexOf(tick), 1);
    },
  });
  await write(follower);
  isOffline = true;
  crash();
  await settle();
  expect(await write(follower)).toMatchObject({ ok: true });
  for (let i = 0; i < 7; i++) {
    pausing[0]!();
    await settle();
    expect(await write(follower)).toMatchObject({ ok: true });
  }
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  expect(pausing).toHaveLength(1);
  isOffline = false;
  pausing[0]!();
  await settle();
  leader.life().suspend();
  expect(await write(follower)).toMatchObject({ ok: true });
  expect(follower.reach).toBe("own-worker");
  expect(pausing).toHaveLength(0);
});

test("a tab that is left alone while it does without a worker tries at once to start one, and tells why it cannot", async () => {
  const { origin, open } = promptWorld();
  const leader = origin.world();
  expect(await write(open(leader.world))).toMatchObject({ ok: true });
  const { world, crash, tick } = origin.world();
  let isOffline = false;
  const follower = open({
    ...world,
    startWorker: () =>
      isOffline ? Promise.reject(new Failure("worker-start", "no such file")) : world.startWorker(),
  });
  await write(follower);
  isOffline = true;
  crash();
  await settle();
  leader.life().suspend();
  await settle();
  const call = write(follower);
  tick();
  expect(await call).toMatchObject({ error: { code: "worker-start" } });
});

test("where a tab cannot go on, a write that was sent is not known to be done, and what was not is told the reason", async () => {
  const { origin } = slowWorld();
  const leader = origin.world();
  const first = new Tab(leader.world, { allowReset: false });
  await settle();
  expect(first.reach).toBe("own-worker");
  const { world } = origin.world();
  const corrupt: Reply = {
    ok: false,
    error: { status: 500, name: "InternalError", message: "bad", code: "corrupt" },
  };
  const follower = new Tab(
    {
      ...world,
      startWorker: async () => {
        const worker = await world.startWorker();
        const open = worker.open.bind(worker);
        worker.open = () => open().then(() => corrupt);
        return worker;
      },
    },
    { allowReset: false },
  );
  await settle();
  // As many as may be on their way, and one more.
  const sent = Array.from({ length: openCallsMax }, () => write(follower));
  const waiting = write(follower);
  const read = follower.call({ method: "get", route: "/read" });
  await settle();
  expect(origin.disk.done).toHaveLength(openCallsMax);
  leader.life().suspend();
  for (const call of sent) expect(await call).toMatchObject({ error: { code: "outcome-unknown" } });
  expect(await waiting).toEqual(corrupt);
  expect(await read).toEqual(corrupt);
});

test("a tab that follows over a channel goes over to a port, and its open calls are done once", async () => {
  const { origin, answer } = slowWorld();
  const leader = new Tab(origin.world().world, { allowReset: false });
  await settle();
  expect(leader.reach).toBe("own-worker");
  const { world } = origin.world();
  let connect: () => void = () => undefined;
  const follower = new Tab(
    {
      ...world,
      meet(listener) {
        const meeting = world.meet(listener);
        return {
          ...meeting,
          reach: async (notice) => ({ ...(await meeting.reach(notice)), reach: "broadcast-channel" }),
          improve: (notice) => new Promise((resolve) => (connect = () => resolve(meeting.reach(notice)))),
        };
      },
    },
    { allowReset: false },
  );
  await settle();
  const calls = [write(follower), write(follower)];
  await settle();
  expect(follower.reach).toBe("broadcast-channel");
  connect();
  await settle();
  expect(follower.reach).toBe("message-port");
  answer();
  expect(await Promise.all(calls)).toMatchObject([{ ok: true }, { ok: true }]);
  expect(origin.disk.done).toHaveLength(2);
});

test("a tab that the leader's path is not for ends with the reason, and the leader goes on", async () => {
  const { origin, open } = promptWorld();
  const leader = open();
  await write(leader);
  const { world } = origin.world();
  const failure = new Failure("path-locked", "open on another backend");
  const other = open({
    ...world,
    meet: (listener) => ({
      ...world.meet(listener),
      reach: () => {
        listener.refused(failure);
        return Promise.reject(failure);
      },
    }),
  });
  expect(await write(other)).toMatchObject({ error: { code: "path-locked" } });
  expect(await other.dead).toBe(failure);
  expect(await write(leader)).toMatchObject({ ok: true });
});

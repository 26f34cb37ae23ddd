// The engine of a Service Worker is opened by the first call, and again after an opening that failed.

import { expect, test } from "vitest";
import { OwnEngine } from "../../service-worker/own-engine.ts";
import type { Engine } from "../../src/protocol/engine-port.ts";
import { Failure } from "../../src/protocol/failure.ts";
import type { Operation } from "../../src/protocol/operation.ts";

const heartbeat: Operation = { method: "get", route: "/api/v2/heartbeat" };

/** Counts what was asked of it. */
class CountedEngine implements Engine {
  calls = 0;
  closed = 0;
  open(): Promise<never> {
    return Promise.reject(new Error("opened already"));
  }
  call(): ReturnType<Engine["call"]> {
    this.calls += 1;
    return Promise.resolve({ ok: true, status: 200, data: this.calls });
  }
  close(): Promise<void> {
    this.closed += 1;
    return Promise.resolve();
  }
}

test("calls that come together open one engine, and none is opened before", async () => {
  let opened = 0;
  const engine = new CountedEngine();
  const own = new OwnEngine(() => {
    opened += 1;
    return Promise.resolve(engine);
  });
  expect(opened).toBe(0);
  await Promise.all([own.call(heartbeat), own.call(heartbeat)]);
  expect([opened, engine.calls]).toEqual([1, 2]);
});

test("an opening that fails is an error reply, and the next call opens again", async () => {
  const engine = new CountedEngine();
  const outcomes = [Promise.reject(new Failure("path-locked", "in use")), Promise.resolve(engine)];
  outcomes[0]!.catch(() => undefined);
  const own = new OwnEngine(() => outcomes.shift()!);
  expect(await own.call(heartbeat)).toMatchObject({
    ok: false,
    error: { code: "path-locked", message: "in use" },
  });
  expect(await own.call(heartbeat)).toEqual({ ok: true, status: 200, data: 1 });
});

test("closing releases what is open, and a call after it opens again", async () => {
  const engines = [new CountedEngine(), new CountedEngine()];
  const [first, second] = engines as [CountedEngine, CountedEngine];
  const own = new OwnEngine(() => Promise.resolve(engines.shift()!));
  await own.close();
  expect(engines).toHaveLength(2);
  await own.call(heartbeat);
  await own.close();
  await own.call(heartbeat);
  expect([first.calls, first.closed, second.calls, second.closed]).toEqual([1, 1, 1, 0]);
});

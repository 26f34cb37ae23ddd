import { expect, test } from "vitest";
import { Failure } from "../../src/protocol/failure.ts";
import { SettingsConflict, TransportPool, type MortalTransport } from "../../src/transport/transport-pool.ts";

class FakeTransport implements MortalTransport {
  closed = 0;
  die: (failure: Failure) => void = () => undefined;
  readonly dead = new Promise<Failure>((resolve) => {
    this.die = resolve;
  });
  call(): Promise<never> {
    return Promise.reject(new Error("not called in these tests"));
  }
  close(): Promise<void> {
    this.closed += 1;
    return Promise.resolve();
  }
}

function setUp() {
  const started: FakeTransport[] = [];
  const start = (): Promise<FakeTransport> => {
    const transport = new FakeTransport();
    started.push(transport);
    return Promise.resolve(transport);
  };
  return { pool: new TransportPool(), started, start };
}

test("two users of a key share one transport, and the last release closes it", async () => {
  const { pool, started, start } = setUp();
  const [first, second] = await Promise.all([pool.acquire("a", "", start), pool.acquire("a", "", start)]);
  expect(first.transport).toBe(second.transport);
  await first.release();
  expect(started[0]?.closed).toBe(0);
  await second.release();
  expect(started[0]?.closed).toBe(1);
  expect(started).toHaveLength(1);
});

test("two keys share nothing", async () => {
  const { pool, start } = setUp();
  const first = await pool.acquire("a", "", start);
  const second = await pool.acquire("b", "", start);
  expect(first.transport).not.toBe(second.transport);
});

test("who comes while the last user leaves gets a new transport, after the old one is closed", async () => {
  const { pool, started, start } = setUp();
  const first = await pool.acquire("a", "", start);
  const leaving = first.release();
  const second = await pool.acquire("a", "", () => {
    expect(started[0]?.closed).toBe(1);
    return start();
  });
  await leaving;
  expect(second.transport).not.toBe(first.transport);
});

test("two that come while the last user leaves share the new one", async () => {
  const { pool, started, start } = setUp();
  const first = await pool.acquire("a", "", start);
  const leaving = first.release();
  await Promise.all([pool.acquire("a", "", start), pool.acquire("a", "", start), leaving]);
  expect(started).toHaveLength(2);
});

test("other settings on a key in use are a conflict, and free again after it", async () => {
  const { pool, start } = setUp();
  const lease = await pool.acquire("a", "reset", start);
  await expect(pool.acquire("a", "no reset", start)).rejects.toThrow(SettingsConflict);
  await lease.release();
  await expect(pool.acquire("a", "no reset", start)).resolves.toBeDefined();
});

test("a start that fails is not remembered", async () => {
  const { pool, start } = setUp();
  await expect(pool.acquire("a", "", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  await expect(pool.acquire("a", "", start)).resolves.toBeDefined();
});

test("a dead transport is not handed out again", async () => {
  const { pool, started, start } = setUp();
  const first = await pool.acquire("a", "", start);
  started[0]?.die(new Failure("worker-died", "gone"));
  await first.transport.dead;
  const second = await pool.acquire("a", "", start);
  expect(second.transport).not.toBe(first.transport);
});

import { expect, test } from "vitest";
import { Failure } from "../../src/protocol/failure.ts";
import { cancelOperation, progressOperation } from "../../src/protocol/followed-write.ts";
import type { Method, Operation, Reply, Sender } from "../../src/protocol/operation.ts";
import { getHandler, operationNames } from "../../worker/engine/routes.ts";
import type { Link } from "../../src/transport/tabs/link.ts";
import { crashesMax, isRead, openCallsMax, Outbox } from "../../src/transport/tabs/outbox.ts";

interface Sent {
  readonly sender: Sender;
  readonly operation: Operation;
  answer(reply: Reply): void;
  fail(error: unknown): void;
}

/** A link that answers when the test says so. */
class HandLink implements Link {
  readonly sent: Sent[] = [];
  readonly dead = new Promise<Failure>(() => undefined);
  ended = 0;
  call(operation: Operation): Promise<Reply> {
    return new Promise((answer, fail) => {
      this.sent.push({ sender: operation.sender!, operation, answer, fail });
    });
  }
  end(): void {
    this.ended += 1;
  }
}

const ok = (data: unknown): Reply => ({ ok: true, status: 200, data });
const operation: Operation = { method: "post", route: "/anything", body: { values: Float32Array.of(1) } };
const numbers = (link: HandLink): number[] => link.sent.map(({ sender }) => sender.number);

function setUp() {
  const left: Link[] = [];
  const outbox = new Outbox({ allowReset: true, onLeaving: (link) => left.push(link) });
  return { outbox, left, first: new HandLink(), second: new HandLink() };
}

test("calls wait for a link and go out in their order, numbered from 1", async () => {
  const { outbox, first } = setUp();
  const calls = [outbox.submit(operation), outbox.submit(operation)];
  expect(first.sent).toEqual([]);
  outbox.route(first, 5);
  expect(numbers(first)).toEqual([1, 2]);
  expect(first.sent[0]?.sender).toMatchObject({ allowReset: true });
  expect(first.sent[0]?.sender).not.toHaveProperty("since");
  first.sent[1]?.answer(ok("b"));
  first.sent[0]?.answer(ok("a"));
  expect(await Promise.all(calls)).toEqual([ok("a"), ok("b")]);
  expect(outbox.isEmpty).toBe(true);
});

test("what is not answered is sent to the next link, with what was known when it was sent first", async () => {
  const { outbox, first, second } = setUp();
  outbox.route(first, 5);
  const calls = [1, 2, 3].map(() => outbox.submit(operation));
  first.sent[1]?.answer(ok("two"));
  await calls[1];
  outbox.route(undefined);
  const late = outbox.submit(operation);
  outbox.route(second, 9);
  expect(numbers(second)).toEqual([1, 3, 4]);
  expect(second.sent.map(({ sender }) => sender.since)).toEqual([5, 5, undefined]);
  expect(new Set([...first.sent, ...second.sent].map(({ sender }) => sender.client)).size).toBe(1);
  for (const sent of second.sent) sent.answer(ok("again"));
  expect(await Promise.all([calls[0], calls[2], late])).toEqual([ok("again"), ok("again"), ok("again")]);
});

test("each call says which is the oldest that waits", async () => {
  const { outbox, first, second } = setUp();
  const oldest = (link: HandLink) => link.sent.map(({ sender }) => sender.oldest);
  outbox.route(first);
  const calls = [1, 2, 3].map(() => outbox.submit(operation));
  expect(oldest(first)).toEqual([1, 1, 1]);
  first.sent[0]?.answer(ok(1));
  first.sent[2]?.answer(ok(3));
  await Promise.all([calls[0], calls[2]]);
  void outbox.submit(operation);
  expect(oldest(first)).toEqual([1, 1, 1, 2]);
  outbox.route(second);
  expect(oldest(second)).toEqual([2, 2]);
});

test("an answer of the link before counts, and the one after it is not heard any more", async () => {
  const { outbox, first, second } = setUp();
  outbox.route(first);
  const call = outbox.submit(operation);
  outbox.route(second);
  first.sent[0]?.answer(ok("first"));
  expect(await call).toEqual(ok("first"));
  second.sent[0]?.answer(ok("second"));
  expect(outbox.answered).toBeGreaterThan(0);
});

test("the numbers of open calls stay within what an engine remembers", async () => {
  const { outbox, first } = setUp();
  outbox.route(first);
  const calls = Array.from({ length: openCallsMax + 10 }, () => outbox.submit(operation));
  expect(first.sent).toHaveLength(openCallsMax);
  // All but the oldest are answered: the next would be too far from it.
  for (const sent of first.sent.slice(1)) sent.answer(ok(null));
  await Promise.all(calls.slice(1, openCallsMax));
  expect(first.sent).toHaveLength(openCallsMax);
  first.sent[0]?.answer(ok(null));
  await calls[0];
  expect(first.sent).toHaveLength(openCallsMax + 10);
});

const read: Operation = { method: "post", route: "/collections/{collection_id}/query" };

test("reads have no number, and do not wait for what a slow write holds up", async () => {
  const { outbox, first, second } = setUp();
  outbox.route(first);
  const slow = outbox.submit(operation);
  for (let round = 0; round < 3; round++) {
    const reads = Array.from({ length: openCallsMax }, () => outbox.submit(read));
    const sent = first.sent.slice(-openCallsMax);
    expect(sent.map(({ sender }) => sender)).toEqual(sent.map(() => undefined));
    for (const each of sent) each.answer(ok(round));
    await Promise.all(reads);
  }
  // One that reads what a write before it wrote waits for that, wherever they go.
  const rest = [operation, read].map((call) => outbox.submit(call));
  outbox.route(second);
  expect(second.sent.map(({ sender }) => sender?.number)).toEqual([1, 2, undefined]);
  for (const each of second.sent) each.answer(ok("again"));
  expect(await Promise.all([slow, ...rest])).toEqual([ok("again"), ok("again"), ok("again")]);
});

test("no more than so many reads are on their way, and what comes behind them keeps its place", async () => {
  const { outbox, first, second } = setUp();
  outbox.route(first);
  const calls = [...Array.from({ length: openCallsMax + 1 }, () => read), operation];
  const answers = calls.map((call) => outbox.submit(call));
  expect(first.sent).toHaveLength(openCallsMax);
  outbox.route(second);
  expect(second.sent).toHaveLength(openCallsMax);
  second.sent[1]?.answer(ok(1));
  await answers[1];
  expect(second.sent.slice(openCallsMax).map(({ sender }) => sender?.number)).toEqual([undefined, 1]);
});

test("what the outbox takes for a read is none of the engine's writes", () => {
  const operations = operationNames.map((name) => {
    const [method, route] = name.split(" ") as [Method, string];
    return { method, route };
  });
  const reads = operations.filter(isRead).map(({ method, route }) => getHandler(method, route)?.kind);
  expect(reads).not.toContain("write");
  const ofRecords = operations.filter(({ route }) =>
    /(\/get|query|count|search|indexing_status)$/.test(route),
  );
  expect(ofRecords.every(isRead)).toBe(true);
});

test("a write that takes long is followed and given up for as long as it takes, and takes no number from others", async () => {
  const { outbox, first } = setUp();
  outbox.route(first);
  void outbox.submit({ ...operation, ticket: "long" });
  const about = [...Array.from({ length: 2 * openCallsMax }, () => progressOperation), cancelOperation];
  const answers = about.map((asked) => outbox.submit({ ...asked, path: { ticket: "long" } }));
  expect(first.sent).toHaveLength(1 + about.length);
  for (const sent of first.sent.slice(1)) sent.answer(ok("heard"));
  expect(await Promise.all(answers)).toEqual(about.map(() => ok("heard")));
  void outbox.submit(operation);
  expect(first.sent.at(-1)?.sender).toMatchObject({ number: 2, oldest: 1 });
});

test.each(["closed", "path-locked"])(
  "an engine that says %s is left, and the call kept for the next",
  async (code) => {
    const { outbox, left, first, second } = setUp();
    outbox.route(first);
    const call = outbox.submit(operation);
    first.sent[0]?.answer({ ok: false, error: { status: 500, name: "InternalError", message: "", code } });
    await Promise.resolve();
    expect(left).toEqual([first]);
    outbox.route(second);
    second.sent[0]?.answer(ok("next"));
    expect(await call).toEqual(ok("next"));
  },
);

test("at the end each call hears whether it may have been carried out", async () => {
  const { outbox, first, second } = setUp();
  const closed: Reply = {
    ok: false,
    error: { status: 500, name: "InternalError", message: "", code: "closed" },
  };
  outbox.route(first);
  const calls = [1, 2].map(() => outbox.submit(operation));
  outbox.route(second);
  calls.push(...[3, 4, 5].map(() => outbox.submit(operation)));
  outbox.route(undefined);
  calls.push(outbox.submit(operation));
  const isOver = outbox.answeredBy(second);
  const [one, two, three, four, five] = second.sent;
  // The first engine may have done one and two; four is owed; six was never sent.
  one?.answer(closed);
  two?.answer(ok("two"));
  three?.answer(closed);
  five?.answer(closed);
  four?.answer(ok("four"));
  await calls[3];
  outbox.answerAll(ok("not done"), ok("unsure"));
  const data = (await Promise.all(calls)).map((reply) => reply.ok && reply.data);
  expect(data).toEqual(["unsure", "two", "not done", "four", "not done", "not done"]);
  await isOver;
});

test("a dead link rejects nothing; what cannot be sent is rejected with its own error", async () => {
  const { outbox, first, second } = setUp();
  outbox.route(first);
  const call = outbox.submit(operation);
  const uncloneable = outbox.submit(operation);
  first.sent[0]?.fail(new Failure("worker-died", "gone"));
  first.sent[1]?.fail(new TypeError("could not be cloned"));
  await expect(uncloneable).rejects.toThrow("could not be cloned");
  outbox.route(second);
  second.sent[0]?.answer(ok("next"));
  expect(await call).toEqual(ok("next"));
});

test("a call that worker after worker of ours crashes over is given up, the others are not", async () => {
  const { outbox } = setUp();
  const poison = outbox.submit(operation);
  const outcome = expect(poison).rejects.toMatchObject({ code: "worker-died" });
  for (let crash = 0; crash < crashesMax; crash++) {
    const link = new HandLink();
    outbox.route(link);
    expect(numbers(link)).toEqual([1]);
    outbox.route(undefined);
    outbox.crashed(link);
  }
  await outcome;
  const last = new HandLink();
  const healthy = outbox.submit(operation);
  outbox.route(last);
  expect(numbers(last)).toEqual([2]);
  last.sent[0]?.answer(ok(1));
  expect(await healthy).toEqual(ok(1));
});

test("engines that end without a crash of ours are not counted, however many; nor is a crash that had not the call", async () => {
  const { outbox } = setUp();
  const call = outbox.submit(operation);
  for (let end = 0; end < 3 * crashesMax; end++) {
    outbox.route(new HandLink());
    outbox.crashed(new HandLink());
  }
  const last = new HandLink();
  outbox.route(last);
  last.sent[0]?.answer(ok(1));
  expect(await call).toEqual(ok(1));
});

test("the caller's operation is kept whole: the same arrays go out again", () => {
  const { outbox, first, second } = setUp();
  void outbox.submit(operation);
  outbox.route(first);
  outbox.route(second);
  expect(second.sent[0]?.operation.body).toBe(operation.body);
});

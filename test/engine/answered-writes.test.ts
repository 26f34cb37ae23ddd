import fc from "fast-check";
import { expect, test } from "vitest";
import type { Reply, Sender } from "../../src/protocol/operation.ts";
import {
  ANSWER_BYTES_MAX,
  type AnsweredWrite,
  AnsweredWrites,
  type AnsweredState,
  CLIENTS_MAX,
  WRITES_MAX,
} from "../../worker/engine/answered-writes.ts";
import { decodeValue } from "../../worker/msgpack/decode.ts";
import { encodeValue } from "../../worker/msgpack/encode.ts";

const unknown: unknown = expect.objectContaining({ code: "outcome-unknown" });

function sender(client: bigint, number: number, since?: number): Sender {
  return { client, number, ...(since !== undefined && { since }) };
}

/** A collection as it is answered, in as many bytes as one with a schema. */
const collection = { name: "notes", schema: "x".repeat(5500) };
const bytesOf = (answered: AnsweredWrites): number => encodeValue(answered.state()).length;
const refusal = (status: number): Reply => ({
  ok: false,
  error: { status, name: "RefusedError", message: "refused" },
});

/** As a checkpoint writes it and an opening reads it. */
function stored(answered: AnsweredWrites): AnsweredWrites {
  return new AnsweredWrites(decodeValue(encodeValue(answered.state())) as AnsweredState);
}

const data = fc.constantFrom<unknown>({}, { deleted: 3 }, { name: "notes", dimension: null });
const writes = fc.array(
  fc.record({
    client: fc.bigInt(-2n, 2n),
    step: fc.integer({ min: 1, max: 3 }),
    status: fc.constantFrom(200, 201),
    data,
  }),
  { maxLength: 300 },
);

test("a log is replayed to what recording each of its writes gives", () => {
  const open = fc.nat(WRITES_MAX - 1);
  const log = fc.array(fc.tuple(fc.bigInt(-2n, 2n), fc.integer({ min: 1, max: 3 }), open, data), {
    maxLength: 300,
  });
  fc.assert(
    fc.property(log, (program) => {
      const [recorded, replayed] = [new AnsweredWrites(), new AnsweredWrites()];
      const newest = new Map<bigint, number>();
      const sent = program.map(([client, step, open, data], i) => {
        const number = (newest.get(client) ?? 0) + step;
        newest.set(client, number);
        return [i + 1, [client, number, 200, data, open] satisfies AnsweredWrite] as const;
      });
      for (const [frame, write] of sent) recorded.record(write, frame);
      replayed.replay(sent);
      expect(replayed.state()).toEqual(recorded.state());
    }),
  );
});

test("the newest 64 numbers of a client are answered as they were, through checkpoints too", () => {
  fc.assert(
    fc.property(writes, fc.nat(300), (program, checkpointAt) => {
      let answered = new AnsweredWrites();
      const replies = new Map<bigint, Map<number, unknown>>();
      for (const [i, { client, step, status, data }] of program.entries()) {
        if (i === checkpointAt) answered = stored(answered);
        const known = replies.get(client) ?? new Map<number, unknown>();
        replies.set(client, known);
        const number = Math.max(0, ...known.keys()) + step;
        expect(answered.find(sender(client, number))).toBeUndefined();
        answered.record([client, number, status, data], i + 1);
        known.set(number, { ok: true, status, data });
      }
      for (const [client, known] of replies) {
        const newest = Math.max(...known.keys());
        for (const [number, reply] of known) {
          if (number > newest - WRITES_MAX) expect(answered.find(sender(client, number, 0))).toEqual(reply);
        }
      }
      expect(stored(answered).state()).toEqual(answered.state());
    }),
  );
});

test("a number before the newest 64 is refused, not done again", () => {
  const answered = new AnsweredWrites();
  answered.record([1n, 100, 201, {}], 1);
  expect(() => answered.find(sender(1n, 36))).toThrow(unknown);
  expect(answered.find(sender(1n, 37))).toBeUndefined();
});

test("the thousand clients that wrote last are kept; of another only what cannot have been done is", () => {
  const answered = new AnsweredWrites();
  for (let client = 0; client <= CLIENTS_MAX; client++)
    answered.record([BigInt(client), 1, 201, {}], client + 1);
  for (const table of [answered, stored(answered)]) {
    expect(table.find(sender(1n, 1, 0))).toMatchObject({ status: 201 });
    // Client 0 wrote frame 1 and was dropped. A write sent first when frame 0 was the last may be that one.
    expect(() => table.find(sender(0n, 1, 0))).toThrow(unknown);
    expect(table.find(sender(9999n, 1, 1))).toBeUndefined();
    expect(table.find(sender(9999n, 1))).toBeUndefined();
  }
});

test("writing keeps a client: who is silent longest is dropped first", () => {
  const answered = new AnsweredWrites();
  for (let client = 0; client < CLIENTS_MAX; client++)
    answered.record([BigInt(client), 1, 201, {}], client + 1);
  answered.record([0n, 2, 201, {}], 2000);
  answered.record([5000n, 1, 201, {}], 2001);
  expect(answered.find(sender(0n, 1, 0))).toMatchObject({ status: 201 });
  expect(() => answered.find(sender(1n, 1, 0))).toThrow(unknown);
});

test("a thousand clients that add records take less than 40 kB of a checkpoint", () => {
  const answered = new AnsweredWrites();
  for (let client = 0n; client < 1000n; client++) {
    for (let number = 1; number <= 200; number++)
      answered.record([client << 52n, number, 201, {}], 1_000_000);
  }
  expect(encodeValue(answered.state()).length).toBeLessThan(40_000);
});

test("a client that waits for each answer costs one: what it has is forgotten with its next write", () => {
  const answered = new AnsweredWrites();
  for (let number = 1; number <= 8; number++) {
    const from = { client: 1n, number, oldest: number };
    answered.record(answered.draft(from, { status: 200, data: collection }), number);
  }
  expect(bytesOf(answered)).toBeLessThan(6000);
  for (const table of [answered, stored(answered)]) {
    expect(table.find(sender(1n, 8, 0))).toEqual({ ok: true, status: 200, data: collection });
    // A copy that a slow wire brings is not carried out again.
    expect(() => table.find(sender(1n, 7))).toThrow(unknown);
  }
});

test("what is still waited for is kept, over frames and checkpoints", () => {
  let answered = new AnsweredWrites();
  answered.record(answered.draft({ client: 1n, number: 3, oldest: 2 }, { status: 201, data: {} }), 1);
  answered = stored(answered);
  answered.record(answered.draft({ client: 1n, number: 5, oldest: 3 }, { status: 200, data: {} }), 2);
  expect(answered.find(sender(1n, 3, 0))).toMatchObject({ status: 201 });
  expect(answered.find(sender(1n, 5, 0))).toMatchObject({ status: 200 });
  // Not a write, or one that is sent for the first time.
  expect(answered.find(sender(1n, 4))).toBeUndefined();
  expect(answered.find(sender(1n, 6, 0))).toBeUndefined();
});

test("a thousand clients with eight collections each that nobody waited for: the newest answers are kept", () => {
  const answered = new AnsweredWrites();
  for (let number = 1; number <= 8; number++) {
    for (let client = 0n; client < 1000n; client++)
      answered.record([client, number, 200, collection, number - 1], 1000 * number);
  }
  for (const table of [answered, stored(answered)]) {
    expect(bytesOf(table)).toBeLessThan(ANSWER_BYTES_MAX + 60_000);
    expect(table.find(sender(999n, 8, 0))).toEqual({ ok: true, status: 200, data: collection });
    // It was carried out: that is not forgotten.
    expect(() => table.find(sender(999n, 1, 0))).toThrow(unknown);
  }
  // Those that are kept go, too, once they are not waited for, and make room.
  for (let client = 0n; client < 1000n; client++) answered.record([client, 9, 201, {}, 0], 10_000);
  expect(bytesOf(answered)).toBeLessThan(40_000);
  answered.record([5n, 10, 200, collection, 0], 10_001);
  expect(answered.find(sender(5n, 10, 0))).toMatchObject({ data: collection });
});

test("what was refused or changed nothing is in the frame of the client's next write, if still waited for", () => {
  const first = new AnsweredWrites();
  const none = { ok: true, status: 200, data: { deleted: 0 } } as const;
  first.note({ client: 1n, number: 1, oldest: 1 }, refusal(404));
  first.note({ client: 1n, number: 2, oldest: 2 }, none);
  first.note({ client: 1n, number: 3, oldest: 2 }, refusal(409));
  const frame = first.draft({ client: 1n, number: 4, oldest: 2 }, { status: 200, data: collection });
  expect(decodeValue(encodeValue(frame))).toEqual(frame);
  first.record(frame, 1);
  const replayed = new AnsweredWrites();
  replayed.record(frame, 1);
  for (const table of [first, replayed, stored(first), stored(replayed)]) {
    expect(() => table.find(sender(1n, 1))).toThrow(unknown);
    expect(table.find(sender(1n, 2, 0))).toEqual(none);
    expect(table.find(sender(1n, 3, 0))).toEqual(refusal(409));
    expect(table.find(sender(1n, 4, 0))).toMatchObject({ data: collection });
  }
  // What a frame has is not written again.
  expect(first.draft({ client: 1n, number: 5, oldest: 2 }, { status: 200, data: {} })).toHaveLength(5);
});

test("a refusal that no frame has is gone with the engine, and the write tried again; not after a later one", () => {
  const answered = new AnsweredWrites();
  answered.note({ client: 1n, number: 1 }, refusal(409));
  expect(answered.find(sender(1n, 1, 0))).toEqual(refusal(409));
  expect(stored(answered).find(sender(1n, 1, 0))).toBeUndefined();
  const dropped = new AnsweredWrites();
  dropped.record([1n, 2, 201, {}, 1], 1);
  expect(() => dropped.find(sender(1n, 1, 0))).toThrow(unknown);
});

test("a state and frames as older builds wrote them", () => {
  const state: AnsweredState = {
    droppedThrough: 3,
    clients: [
      [
        1n,
        9,
        [
          [30, 1, 201],
          [99, 2, 200],
        ],
      ],
    ],
  };
  const answered = new AnsweredWrites(state);
  answered.record([1n, 102, 201, {}], 10);
  for (const number of [99, 100, 102])
    expect(answered.find(sender(1n, number, 0))).toMatchObject({ ok: true });
  expect(() => answered.find(sender(1n, 30, 0))).toThrow(unknown);
  expect(() => answered.find(sender(2n, 1, 2))).toThrow(unknown);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Sender } from "../../src/protocol/operation.ts";
import {
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
        for (let number = newest - WRITES_MAX + 1; number <= newest; number++) {
          expect(answered.find(sender(client, number, 0))).toEqual(known.get(number));
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

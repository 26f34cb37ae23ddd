// Flips one bit at a time in the files of a golden database, at random places: each is detected or does no
// harm, and never makes an answer wrong. What is detected is contained, too.

import { expect, test } from "vitest";
import type { EngineStorageInfo } from "../../src/protocol/storage-info.ts";
import { FORMAT_VERSION } from "../../worker/data/root.ts";
import type { Disk } from "../../worker/storage/memory.ts";
import { SeededRandom } from "../../worker/storage/seeded-random.ts";
import { EngineClient, memory, ReplyError } from "../engine/engine-client.ts";
import { collections } from "../golden/contents.ts";
import { checkList, checks, goldenDisk, WrongAnswer } from "../golden/read-golden.ts";

/** `SEED=n` replays the flip that was told; `FLIPS=n` does so many. */
const FLIPS = Number(process.env["FLIPS"] ?? (process.env["CHROMALITE_FULL"] ? 2000 : 120));
const FIRST_SEED = Number(process.env["SEED"] ?? 1);
const version = `version-${FORMAT_VERSION}`;

interface Flip {
  readonly file: string;
  readonly offset: number;
  readonly bit: number;
}

/** A bit of what is written: of long runs of zeros, which the files have in reserve, none is drawn. */
function drawFlip(random: SeededRandom, disk: Disk): Flip {
  for (;;) {
    const file = random.chance(0.5) ? "data" : random.pick(["log-0", "log-1"]);
    const offset = random.below(disk.get(file)!.size);
    const around = new Uint8Array(64);
    disk.get(file)!.read(around, Math.max(0, offset - 32));
    if (around.some((byte) => byte !== 0)) return { file, offset, bit: random.below(8) };
  }
}

function apply(disk: Disk, { file, offset, bit }: Flip): void {
  const byte = new Uint8Array(1);
  disk.get(file)!.read(byte, offset);
  byte[0]! ^= 1 << bit;
  disk.get(file)!.write(byte, offset);
}

/** What a flip came to: what of the database refuses its answers. */
type Outcome = "harmless" | "one answer" | "one collection" | "whole path";

/** @throws {WrongAnswer}  something was believed that is not so */
async function outcomeOf(disk: Disk): Promise<Outcome> {
  const client = await EngineClient.open(memory(disk), { idleMs: 2 ** 30 }).catch(passDamage);
  if (client === undefined) return "whole path";
  try {
    if (await isRefused(() => checkList(client).catch(allowLost))) {
      await expectDamageTold(client);
      return "whole path";
    }
    const refused = new Map<string, number>();
    for (const collection of collections) {
      for (const check of Object.values(checks)) {
        if (!(await isRefused(() => check(client, collection)))) continue;
        refused.set(collection.name, (refused.get(collection.name) ?? 0) + 1);
      }
    }
    if (refused.size === 0) return "harmless";
    if (refused.size > 1) throw new WrongAnswer(`damage reached ${[...refused.keys()].join(", ")}`);
    await expectDamageTold(client);
    const [[name, answers]] = [...refused] as [[string, number]];
    await expectReadOnly(client, name);
    return answers < 6 ? "one answer" : "one collection";
  } finally {
    await client.close();
  }
}

function passDamage(error: unknown): undefined {
  if ((error as { code?: string }).code !== "corrupt") throw error;
}

/** A collection whose record is lost is listed by its id. */
function allowLost(error: unknown): void {
  if (!(error instanceof WrongAnswer) || !error.message.includes("lost-")) throw error;
}

/** Whether an answer was refused for damage, by file and offset. Any other failure is a bug. */
async function isRefused(ask: () => Promise<void>): Promise<boolean> {
  try {
    await ask();
    return false;
  } catch (error) {
    if (!(error instanceof ReplyError) || error.code !== "corrupt") throw error;
    expect(error.reply.error.details).toMatchObject({
      file: expect.any(String) as string,
      offset: expect.any(Number) as number,
    });
    return true;
  }
}

async function expectDamageTold(client: EngineClient): Promise<void> {
  const { damage } = (await client.call("get", "/chromalite/storage")) as EngineStorageInfo;
  expect(damage.length).toBeGreaterThan(0);
}

/** Writes to the damaged collection are refused; it can be deleted, and the others take writes. */
async function expectReadOnly(client: EngineClient, name: string): Promise<void> {
  const { database } = collections.find((each) => each.name === name)!;
  const route = "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}";
  const { id } = (await client.call("get", route, { database, collection_id: name })) as { id: string };
  const body = { ids: ["new"], embeddings: { rows: 1, dimension: 1, values: new Float32Array(1) } };
  const write = client.call("post", `${route}/upsert`, { database, collection_id: id }, body);
  await expect(write).rejects.toBeInstanceOf(ReplyError);
  await client.call("delete", route, { database, collection_id: name });
  const other = await client.createCollection("after-damage");
  await client.write("add", other, { ids: ["a"], embeddings: [[1, 2]] });
  expect(await client.count(other)).toBe(1);
}

test("a flipped bit is detected or does no harm, wherever it is", async () => {
  const tally = new Map<string, number>();
  for (let seed = FIRST_SEED; seed < FIRST_SEED + FLIPS; seed++) {
    const disk = goldenDisk(version);
    const flip = drawFlip(new SeededRandom(seed), disk);
    apply(disk, flip);
    try {
      const kind = `${flip.file === "data" ? "data" : "log"}: ${await outcomeOf(disk)}`;
      tally.set(kind, (tally.get(kind) ?? 0) + 1);
    } catch (error) {
      throw new Error(
        `SEED=${seed} (bit ${flip.bit} of byte ${flip.offset} of ${flip.file}): ${String(error)}`,
        {
          cause: error,
        },
      );
    }
  }
  const told = [...tally].map(([kind, count]) => `${kind} ${count}`).sort((a, b) => (a < b ? -1 : 1));
  console.info(`${FLIPS} bit flips: ${told.join(", ")}`);
  expect([...tally.values()].reduce((sum, count) => sum + count, 0)).toBe(FLIPS);
}, 1_200_000);

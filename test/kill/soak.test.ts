// One process of Node's that goes on writing and reading for a long time, unharmed: what it holds stays what
// it was told, and neither its memory nor its files grow with what it has done, but with what it holds.

import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applyToModel, type Model } from "../engine/model.ts";
import { NodeSubject } from "./node-subject.ts";
import { makeSite, type Site } from "./site.ts";
import { judge } from "./verdict.ts";
import { writeAt } from "./workload.ts";

const isFull = process.env["CHROMALITE_FULL"] !== undefined;
/** `LAPS=1000` goes on for longer. */
const laps = Number(process.env["LAPS"] ?? (isFull ? 200 : 16));
const seed = Number(process.env["SEED"] ?? 1);

/** Five collections' lives: what is held at the end of a lap is about the same each time. */
const LAP_STEPS = 200;
/** The first laps fill both log files, of 16 MB each, and the caches. */
const WARM_LAPS = 10;
const GROWTH_MAX = 1.3;

let site: Site;
let path: string;
beforeAll(async () => {
  site = await makeSite();
  path = await mkdtemp(join(tmpdir(), "chromalite-soak-"));
});
afterAll(async () => {
  await rm(path, { recursive: true, force: true });
  await site.remove();
});

test(
  "a program that never stops keeps what it holds, its memory and the size of its files",
  async () => {
    const subject = new NodeSubject(site, path);
    const memory: number[] = [];
    const disk: number[] = [];
    let model: Model = new Map();
    for (let lap = 0; lap < laps; lap++) {
      const [from, until] = [lap * LAP_STEPS, (lap + 1) * LAP_STEPS];
      await subject.write({ seed, from, until }, () => undefined);
      for (let step = from; step < until; step++) model = applyToModel(model, writeAt(seed, step));
      expect(judge([model], 0, await subject.readBack())).toEqual({ writes: 0 });
      memory.push(await subject.memory());
      disk.push(await bytesOf(path));
    }
    await subject.close();

    const reopened = new NodeSubject(site, path);
    await reopened.open();
    expect(judge([model], 0, await reopened.readBack())).toEqual({ writes: 0 });
    await reopened.close();

    const grown = (bytes: readonly number[]) =>
      Math.max(...bytes.slice(WARM_LAPS)) / Math.max(...bytes.slice(0, WARM_LAPS));
    const shown = (bytes: readonly number[]) => `${(Math.max(...bytes) / 2 ** 20).toFixed(0)} MiB at most`;
    console.info(
      `Node, ${laps * LAP_STEPS} writes: files ${shown(disk)}, ${grown(disk).toFixed(2)} of the first laps; ` +
        `process ${shown(memory)}, ${grown(memory).toFixed(2)} of the first laps`,
    );
    expect(grown(disk)).toBeLessThan(GROWTH_MAX);
    expect(grown(memory)).toBeLessThan(GROWTH_MAX);
  },
  60_000 + laps * 10_000,
);

async function bytesOf(folder: string): Promise<number> {
  const names = await readdir(folder);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

// Kill after kill on one path: start the program, compare what it holds with what was acknowledged,
// go on writing, kill it at a moment drawn by the seed. Knows neither browsers nor processes.

import { setTimeout as elapse } from "node:timers/promises";
import type { Settings } from "../../src/index.ts";
import { SeededRandom } from "../../worker/storage/seeded-random.ts";
import { applyToModel, type Model } from "../engine/model.ts";
import type { Subject } from "./subject.ts";
import { judge } from "./verdict.ts";
import { writeAt } from "./workload.ts";

/** What is under way at a kill. */
export type Scene = "opening" | "writing" | "resting";

/** The kills of a run take turns through these. */
const allScenes: readonly Scene[] = ["opening", "writing", "writing", "resting", "writing"];

/** Upper ends of what the seed draws. */
const OPENING_MS_MAX = 250;
const WRITES_MAX = 80;
const WRITING_MS_MAX = 25;
/** An engine that rests this long begins a checkpoint, which took 6 to 35 ms here. */
const REST_MS = 2000;
const CHECKPOINT_MS_MAX = 40;

export interface KillFigures {
  readonly kills: number;
  readonly acknowledged: number;
  /** Writes that were under way at a kill and were found whole after it. */
  readonly keptInFlight: number;
  readonly recordsMax: number;
  /** Openings of a path that holds something, in milliseconds. */
  readonly reopenMs: readonly number[];
}

export interface KillOptions {
  readonly kills: number;
  readonly seed: number;
  readonly scenes?: readonly Scene[];
}

/** A start of the program: 0 for the first. Resolves when it can be called. */
export type Launch = (start: number) => Promise<Subject>;

/** Every other start has no memory for more than one collection: each use of another closes the one before. */
export function settingsOf(start: number): Settings {
  return start % 2 === 1 ? { memoryLimitBytes: 1 } : {};
}

/**
 * Kills so many times, then lets the program close its client, and compares once more.
 * @param launch  starts the program on the path that the one before left
 * @throws {Error}  an acknowledged write is lost, a part of a write is there, or the path does not open
 */
export async function runKills(
  launch: Launch,
  { kills, seed, scenes = allScenes }: KillOptions,
): Promise<KillFigures> {
  const run = new KillRun(seed);
  for (let kill = 0; kill < kills; kill++) {
    const scene = scenes[kill % scenes.length]!;
    const subject = await launch(kill);
    try {
      if (scene !== "opening") await run.compare(subject);
      await run.killDuring(scene, subject);
    } catch (error) {
      await subject.kill();
      throw new Error(`seed ${seed}, kill ${kill + 1}, ${scene}: ${String(error)}`, { cause: error });
    }
  }
  for (const [i, end] of ["after the last kill", "after close()"].entries()) {
    const subject = await launch(kills + i);
    try {
      await run.compare(subject);
      await subject.close();
    } catch (error) {
      await subject.kill();
      throw new Error(`seed ${seed}, ${end}: ${String(error)}`, { cause: error });
    }
  }
  return { kills, ...run.figures };
}

class KillRun {
  readonly #seed: number;
  readonly #random: SeededRandom;
  /** What the program held when it was last compared: the state after this many writes. */
  #writes = 0;
  #model: Model = new Map();
  /** Writes acknowledged since. */
  #answered = 0;
  #acknowledged = 0;
  #keptInFlight = 0;
  #recordsMax = 0;
  #reopenMs: number[] = [];

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = new SeededRandom(seed);
  }

  get figures(): Omit<KillFigures, "kills"> {
    return {
      acknowledged: this.#acknowledged,
      keptInFlight: this.#keptInFlight,
      recordsMax: this.#recordsMax,
      reopenMs: this.#reopenMs,
    };
  }

  /** @throws {Error}  what the program holds is not what was acknowledged */
  async compare(subject: Subject): Promise<void> {
    const openMs = await subject.open();
    const models = this.#modelsSince();
    const verdict = judge(models, this.#answered, await subject.readBack());
    if ("lost" in verdict) {
      throw new Error(`${verdict.lost} of ${this.#writes + this.#answered} acknowledged writes are lost`);
    }
    if ("torn" in verdict) {
      throw new Error(
        `after ${this.#writes + this.#answered} writes a part of one is there: ${verdict.torn}`,
      );
    }
    if (this.#writes + verdict.writes > 0) this.#reopenMs.push(openMs);
    this.#keptInFlight += verdict.writes - this.#answered;
    this.#writes += verdict.writes;
    this.#model = models[verdict.writes]!;
    this.#answered = 0;
    this.#recordsMax = Math.max(this.#recordsMax, countRecords(this.#model));
    await this.#findThemselves(subject);
  }

  async killDuring(scene: Scene, subject: Subject): Promise<void> {
    if (scene === "opening") await this.#killWhileOpening(subject);
    else await this.#killWhileWriting(subject, scene === "resting");
  }

  async #killWhileOpening(subject: Subject): Promise<void> {
    const opening = subject.open();
    // The kill ends it; one that fails before is found when the path is opened next.
    opening.catch(() => undefined);
    await elapse(this.#random.below(OPENING_MS_MAX));
    await subject.kill();
  }

  /** @param thenRest  whether the program writes no more than the seed says, and is killed over its checkpoint */
  async #killWhileWriting(subject: Subject, thenRest: boolean): Promise<void> {
    const from = this.#writes;
    const writes = 1 + this.#random.below(WRITES_MAX);
    let reached = (): void => undefined;
    const enough = new Promise<void>((resolve) => (reached = resolve));
    const acknowledged = (step: number): void => {
      const expected = from + this.#answered;
      if (step !== expected) throw new Error(`step ${step} was acknowledged: expected ${expected}`);
      this.#answered++;
      this.#acknowledged++;
      if (this.#answered === writes) reached();
    };
    const steps = { seed: this.#seed, from, ...(thenRest && { until: from + writes }) };
    const writing = subject.write(steps, acknowledged);
    await (thenRest ? writing : Promise.race([enough, writing]));
    // Not a wait for something: this is the moment that the seed draws.
    await elapse(
      thenRest ? REST_MS + this.#random.below(CHECKPOINT_MS_MAX) : this.#random.below(WRITING_MS_MAX),
    );
    await subject.kill();
    await writing;
  }

  /** Every state from the last comparison to the write that may have been under way. */
  #modelsSince(): Model[] {
    const models = [this.#model];
    for (let step = this.#writes; step <= this.#writes + this.#answered; step++) {
      models.push(applyToModel(models.at(-1)!, writeAt(this.#seed, step)));
    }
    return models;
  }

  /** The vectors are searched, not just kept: each record is its own nearest neighbour. */
  async #findThemselves(subject: Subject): Promise<void> {
    const probes = [...this.#model].flatMap(([name, records]) => {
      if (records.size === 0) return [];
      const [id, { embedding }] = this.#random.pick([...records]);
      return [{ name, id, embedding }];
    });
    const nearest = await subject.nearest(probes.map(({ name, embedding }) => ({ name, embedding })));
    for (const [i, { name, id }] of probes.entries()) {
      if (nearest[i] !== id) throw new Error(`nearest to ${id} of ${name} is ${nearest[i]}: expected itself`);
    }
  }
}

function countRecords(model: Model): number {
  return [...model.values()].reduce((sum, records) => sum + records.size, 0);
}

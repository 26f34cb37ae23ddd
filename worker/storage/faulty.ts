// A storage that lies as much as the contract lets it, for tests: it stops at a chosen call, runs
// full, loses its files, transfers a part, and after a crash has forgotten what was not flushed.
// Everything follows from the seed: the same seed and the same calls give the same disk.

import { Failure } from "../../src/protocol/failure.ts";
import type { BackendDirectory, BackendFile } from "./backend.ts";
import { CheckedStorage } from "./checked-storage.ts";
import { type Change, FaultyDisk } from "./faulty-disk.ts";
import type { Disk } from "./memory.ts";
import { SeededRandom } from "./seeded-random.ts";
import { storageFailure } from "./storage-failure.ts";

/**
 * What a call runs into.
 * stop: the machine dies inside the call, which throws `Crash`, as does every later one.
 * full: a write or a truncate that extends is done in part or not at all and fails with "storage-full"; a flush fails
 *     so too, and some of what it was to make durable is lost.
 * lost: the same with "storage-lost", and nothing of a write or truncate is done.
 */
export type Fault = "stop" | "full" | "lost";

export interface FaultyOptions {
  /** Any 32-bit integer: draws what faults and crashes leave. */
  readonly seed: number;
  readonly files: readonly string[];
  /** What the machine finds at start, as `crash` gave it; stays as it is. An empty disk by default. */
  readonly disk?: Disk;
  /** By number of the call: writes, truncates and flushes count from 1. */
  readonly faults?: Readonly<Record<number, Fault>>;
  /** Bytes of all files together that there is room for; a write past it is done in part. */
  readonly capacityBytes?: number;
  /** Reads and writes of the backend move a random part, as a platform may; callers must not notice. */
  readonly shortTransfers?: boolean;
  /** Keeps every change, so that `crash` can go back to any call. One run then has all stop points. */
  readonly history?: boolean;
}

/** The machine has died. The engine takes it for a lost storage; a test can tell it from one. */
export class Crash extends Failure {
  constructor(call: number) {
    super("storage-lost", `the machine died in storage call ${call}`, { call });
  }
}

/** How much was asked of a storage so far. */
export interface StorageCounts {
  writes: number;
  truncates: number;
  flushes: number;
  reads: number;
  bytesWritten: number;
  bytesRead: number;
}

/** Storage over a `FaultyDisk`. Opening it is synchronous and has no lock. */
export class FaultyStorage extends CheckedStorage {
  readonly counts: Readonly<StorageCounts>;
  readonly #machine: FaultyMachine;

  constructor(options: FaultyOptions) {
    const machine = new FaultyMachine(options);
    super(machine);
    this.#machine = machine;
    this.counts = machine.counts;
  }

  /** Writes, truncates and flushes so far, one that failed or stopped too. */
  get calls(): number {
    return this.#machine.calls;
  }

  /** Whether a call has thrown `Crash`. */
  get stopped(): boolean {
    return this.#machine.stopped;
  }

  /**
   * The disk that a machine finds after losing its power, from which the next storage is opened.
   * This storage goes on as before, so one moment can be crashed many times.
   *
   * @param options.call  the call that the power was lost in: all before it are done, it and those after
   *     are not. Needs `history`. By default now, after the last call, or in the one that stopped.
   * @param options.seed  another seed, for another fate of what was not flushed
   * @throws {RangeError}  for a call that was not made or not kept
   */
  crash(options: { call?: number; seed?: number } = {}): Disk {
    return this.#machine.crash(options.call, options.seed);
  }
}

type RecordedCall = { readonly file: string; readonly change: Change | "flush" | "nothing" };

/** The backend under a `FaultyStorage`: counts the calls, deals the faults, remembers the history. */
class FaultyMachine implements BackendDirectory {
  readonly backend = "memory";
  readonly path: string;
  readonly created: boolean;
  readonly files: ReadonlyMap<string, BackendFile>;
  readonly counts: StorageCounts = {
    writes: 0,
    truncates: 0,
    flushes: 0,
    reads: 0,
    bytesWritten: 0,
    bytesRead: 0,
  };
  stopped = false;

  readonly #options: FaultyOptions;
  readonly #random: SeededRandom;
  readonly #disk: FaultyDisk;
  readonly #history: RecordedCall[] = [];
  /** The disk as it was after `done` calls: going back is cheap when the calls asked for ascend. */
  #past: { readonly disk: FaultyDisk; done: number };

  constructor(options: FaultyOptions) {
    this.#options = options;
    this.#random = new SeededRandom(options.seed);
    this.path = `seed ${options.seed}`;
    this.#disk = this.#diskAtStart();
    this.#past = { disk: this.#diskAtStart(), done: 0 };
    this.created = options.files.every((name) => !options.disk?.has(name));
    this.files = new Map(options.files.map((name) => [name, this.#file(name)]));
  }

  get calls(): number {
    return this.counts.writes + this.counts.truncates + this.counts.flushes;
  }

  crash(call: number | undefined, seed = this.#options.seed): Disk {
    const random = new SeededRandom(Math.imul(seed, 0x9e3779b1) ^ (call ?? this.calls));
    return call === undefined ? this.#disk.crash(random) : this.#diskInCall(call).crash(random);
  }

  close(): void {}

  remove(): void {
    this.#disk.removeAll();
  }

  #file(name: string): BackendFile {
    return {
      size: () => this.#view(name).size,
      read: (target, at) => this.#read(name, target, at),
      write: (source, at) => this.#write(name, source, at),
      truncate: (size) => this.#truncate(name, size),
      // A relaxed flush makes nothing durable: there is nothing to count or to fail.
      flush: (durability) => (durability === "strict" ? this.#flush(name) : undefined),
    };
  }

  #view(name: string) {
    if (this.stopped) throw new Crash(this.calls);
    return this.#disk.view(name);
  }

  #read(name: string, target: Uint8Array, at: number): number {
    const count = this.#view(name).read(target.subarray(0, this.#transfer(target.length)), at);
    this.counts.reads++;
    this.counts.bytesRead += count;
    return count;
  }

  #write(name: string, source: Uint8Array, at: number): number {
    const fault = this.#begin("writes");
    if (fault === "lost") return this.#fail(name, fault);
    const room = Math.min(this.#transfer(source.length), this.#room(name, at));
    const count = fault === "full" ? this.#random.below(room) : room;
    if (count > 0) this.#change(name, { call: "write", at, bytes: source.slice(0, count) });
    else this.#record(name, "nothing");
    this.counts.bytesWritten += count;
    if (fault) throw this.#failure(fault);
    return count;
  }

  #truncate(name: string, size: number): void {
    const fault = this.#begin("truncates");
    const grows = size > this.#disk.view(name).size;
    if (fault === "lost" || (fault === "full" && !grows)) return this.#fail(name, fault);
    const room = this.#room(name, 0);
    if (grows && (fault === "full" || room < size)) {
      const before = this.#disk.view(name).size;
      const after = before + this.#random.below(Math.max(1, Math.min(room, size) - before));
      this.#change(name, { call: "truncate", size: after });
      throw this.#failure("full");
    }
    this.#change(name, { call: "truncate", size });
    if (fault) throw this.#failure(fault);
  }

  #flush(name: string): void {
    const fault = this.#begin("flushes");
    if (fault === "full" || fault === "lost") {
      this.#disk.failFlush(name, this.#random);
      // In history what it left unknown stays unflushed: a crash draws anew.
      return this.#fail(name, fault);
    }
    this.#record(name, "flush");
    if (fault) throw this.#failure(fault);
    this.#disk.flush(name);
  }

  #begin(call: "writes" | "truncates" | "flushes"): Fault | undefined {
    if (this.stopped) throw new Crash(this.calls);
    this.counts[call]++;
    const fault = this.#options.faults?.[this.calls];
    this.stopped = fault === "stop";
    return fault;
  }

  #change(file: string, change: Change): void {
    this.#disk.change(file, change);
    this.#record(file, change);
  }

  #record(file: string, change: RecordedCall["change"]): void {
    if (this.#options.history) this.#history.push({ file, change });
  }

  /** For a call that does nothing but fail. */
  #fail(file: string, fault: Fault): never {
    this.#record(file, "nothing");
    throw this.#failure(fault);
  }

  #failure(fault: Fault): Failure {
    if (fault === "stop") return new Crash(this.calls);
    const code = fault === "full" ? "storage-full" : "storage-lost";
    return storageFailure(code, `fault "${fault}" in storage call ${this.calls}`, { call: this.calls });
  }

  /** How many bytes from `at` on the file can have. */
  #room(name: string, at: number): number {
    const { capacityBytes = Infinity } = this.#options;
    const others = this.#disk.sizeBytes() - this.#disk.view(name).size;
    return Math.max(0, this.#disk.view(name).size - at, capacityBytes - others - at);
  }

  #transfer(length: number): number {
    return this.#options.shortTransfers && length > 1 ? 1 + this.#random.below(length) : length;
  }

  #diskAtStart(): FaultyDisk {
    const disk = new FaultyDisk(this.#options.disk);
    for (const name of this.#options.files) if (!disk.has(name)) disk.create(name);
    return disk;
  }

  /** The disk with all calls before `call` done, and what that call changes not flushed. */
  #diskInCall(call: number): FaultyDisk {
    const recorded = this.#history[call - 1];
    if (!recorded) {
      throw new RangeError(`crash in call ${call}: expected 1 to ${this.#history.length}, with history`);
    }
    const goal = recorded.change === "flush" ? call - 1 : call;
    if (goal < this.#past.done) this.#past = { disk: this.#diskAtStart(), done: 0 };
    for (; this.#past.done < goal; this.#past.done++) {
      const { file, change } = this.#history[this.#past.done]!;
      if (change === "flush") this.#past.disk.flush(file);
      else if (change !== "nothing") this.#past.disk.change(file, change);
    }
    return this.#past.disk;
  }
}

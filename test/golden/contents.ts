// What every golden database holds, as formulas: record i of a collection is the same for ever. The files
// beside were made from this once; a change here would be a lie about them, so there is none: a new format
// gets what it needs in collections of its own.

import type { Metadata } from "../../src/protocol/metadata.ts";

export interface GoldenRecord {
  readonly id: string;
  readonly embedding: readonly number[];
  readonly document: string | null;
  readonly metadata: Metadata | null;
  readonly uri: string | null;
}

/** Exact in f32. */
function numbers(i: number, dimension: number): number[] {
  return Array.from({ length: dimension }, (_, d) => ((i * 37 + d * 101 + 11) % 1009) / 64 - 7);
}

const words = ["lantern", "Gräser", "日本語", "river\u0000bed", "🜁 air", "harbour", "quiet", "ōrder"];

/** A record of "notes": text of any kind, metadata of every type. `version` 1 is what updates made of it. */
export function noteOf(i: number, version = 0): GoldenRecord {
  return {
    id: `note-${i}`,
    embedding: numbers(i + version * 5000, 8),
    document: i % 5 === 4 ? null : `${words[i % words.length]!} ${i} ${version === 0 ? "first" : "second"}`,
    metadata:
      i % 6 === 5
        ? null
        : {
            group: i % 4,
            share: i + 0.5,
            label: words[(i + 3) % words.length]!,
            even: i % 2 === 0,
            tags: [`t${i % 3}`, "all"],
            ...(version > 0 && { version }),
          },
    uri: i % 9 === 0 ? `file:///notes/${i}` : null,
  };
}

/** A record of "points": enough of them for a graph, with next to nothing in each. */
export function pointOf(i: number): GoldenRecord {
  const embedding = [((i * 7919) % 8209) / 16, ((i * 104_729) % 8219) / 16];
  return { id: `p${i}`, embedding, document: null, metadata: null, uri: null };
}

/** A record of "worn": most are deleted, so that what is left is packed. */
export function wornOf(i: number): GoldenRecord {
  const document = `${words[i % words.length]!} `.repeat(8) + String(i);
  return { id: `worn-${i}`, embedding: numbers(i, 16), document, metadata: { i }, uri: null };
}

/** A record of "letters", in a database of its own: documents long enough to bypass the log. */
export function letterOf(i: number): GoldenRecord {
  const document = `letter ${i} `.repeat(900 + i);
  return { id: `letter-${i}`, embedding: numbers(i, 4), document, metadata: { year: 1900 + i }, uri: null };
}

/** A record of "late", which is in the log only. */
export function lateOf(i: number): GoldenRecord {
  return { id: `late-${i}`, embedding: numbers(i, 3), document: `late ${i}`, metadata: { i }, uri: null };
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

export const notesAdded = range(120);
export const notesUpdated = notesAdded.filter((i) => i % 3 === 0);
export const notesDeleted = notesAdded.filter((i) => i % 7 === 0);
/** Written after the last checkpoint. */
export const notesAddedLate = range(12).map((i) => 120 + i);
export const pointsAdded = range(8200);
export const wornAdded = range(400);
export const wornKept = wornAdded.filter((i) => i % 23 === 0);
export const lettersAdded = range(4);
export const lateAdded = range(9);

/** A collection as a golden database holds it; records in insertion order. */
export interface GoldenCollection {
  readonly database: string;
  readonly name: string;
  readonly metadata: Metadata | null;
  readonly space: "l2" | "cosine" | "ip";
  readonly records: readonly GoldenRecord[];
}

export const defaultDatabase = "default_database";
export const archive = "archive";

export const collections: readonly GoldenCollection[] = [
  {
    database: defaultDatabase,
    name: "notes",
    metadata: { owner: "golden", edition: 3 },
    space: "l2",
    records: [...notesAdded, ...notesAddedLate]
      .filter((i) => !notesDeleted.includes(i))
      .map((i) => noteOf(i, notesUpdated.includes(i) ? 1 : 0)),
  },
  {
    database: defaultDatabase,
    name: "points",
    metadata: null,
    space: "l2",
    records: pointsAdded.map(pointOf),
  },
  { database: defaultDatabase, name: "worn", metadata: null, space: "ip", records: wornKept.map(wornOf) },
  { database: defaultDatabase, name: "renamed", metadata: { was: "before" }, space: "l2", records: [] },
  {
    database: archive,
    name: "letters",
    metadata: null,
    space: "cosine",
    records: lettersAdded.map(letterOf),
  },
  {
    database: defaultDatabase,
    name: "late",
    metadata: null,
    space: "cosine",
    records: lateAdded.map(lateOf),
  },
];

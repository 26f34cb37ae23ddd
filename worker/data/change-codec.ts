// Changes as plain values for the delta stream: columns of flat lists, each metadata key once a list.
// A record costs its own bytes and a few; a map for each would repeat every name.

import type { MetadataPatch, MetadataValue } from "../../src/protocol/metadata.ts";
import { setOwn } from "../msgpack/decode.ts";
import type { Inserts, RecordsChange, TextSpan, Updates } from "../change.ts";

/** [keys, rows]: a row is null or key numbers and values by turns. */
type Metadatas = readonly [keys: readonly string[], rows: readonly (readonly unknown[] | null)[]];
/** Offset and length by turns; -1 and 0 where there is no text. */
type Spans = readonly number[];

type StoredInserts = readonly [
  sequenceStart: number,
  serialStart: number,
  ids: readonly string[],
  metadatas: Metadatas,
  documents: Spans,
  uris: Spans,
];
type StoredUpdates = readonly [
  sequences: readonly number[],
  serials: readonly (number | null)[],
  metadatas: Metadatas,
  documents: Spans,
  uris: Spans,
];
export type StoredChange = readonly [
  inserts: StoredInserts | null,
  updates: StoredUpdates | null,
  deletes: readonly number[] | null,
];

export function changeToStored({ inserts, updates, deletes }: RecordsChange): StoredChange {
  return [
    inserts === undefined ? null : insertsToStored(inserts),
    updates === undefined ? null : updatesToStored(updates),
    deletes ?? null,
  ];
}

export function storedToChange([inserts, updates, deletes]: StoredChange): RecordsChange {
  return {
    ...(inserts === null ? {} : { inserts: storedToInserts(inserts) }),
    ...(updates === null ? {} : { updates: storedToUpdates(updates) }),
    ...(deletes === null ? {} : { deletes }),
  };
}

function insertsToStored(inserts: Inserts): StoredInserts {
  const { sequenceStart, serialStart, ids, metadatas, documents, uris } = inserts;
  return [
    sequenceStart,
    serialStart,
    ids,
    metadatasToStored(metadatas),
    spansToStored(documents),
    spansToStored(uris),
  ];
}

function storedToInserts(stored: StoredInserts): Inserts {
  const [sequenceStart, serialStart, ids, metadatas, documents, uris] = stored;
  return {
    sequenceStart,
    serialStart,
    ids,
    // A new record's metadata has no nulls: what was encoded had none.
    metadatas: storedToMetadatas(metadatas, ids.length) as Inserts["metadatas"],
    documents: storedToSpans(documents, ids.length),
    uris: storedToSpans(uris, ids.length),
  };
}

function updatesToStored({ sequences, serials, metadatas, documents, uris }: Updates): StoredUpdates {
  return [sequences, serials, metadatasToStored(metadatas), spansToStored(documents), spansToStored(uris)];
}

function storedToUpdates([sequences, serials, metadatas, documents, uris]: StoredUpdates): Updates {
  return {
    sequences,
    serials,
    metadatas: storedToMetadatas(metadatas, sequences.length),
    documents: storedToSpans(documents, sequences.length),
    uris: storedToSpans(uris, sequences.length),
  };
}

/** A column in which nothing is given takes no rows. */
function metadatasToStored(metadatas: readonly (MetadataPatch | null)[]): Metadatas {
  if (metadatas.every((metadata) => metadata === null)) return [[], []];
  const numberByKey = new Map<string, number>();
  const rows = metadatas.map((metadata) => {
    if (metadata === null) return null;
    const row: unknown[] = [];
    for (const key of Object.keys(metadata)) {
      let number = numberByKey.get(key);
      if (number === undefined) numberByKey.set(key, (number = numberByKey.size));
      row.push(number, metadata[key]);
    }
    return row;
  });
  return [[...numberByKey.keys()], rows];
}

function storedToMetadatas([keys, rows]: Metadatas, length: number): (MetadataPatch | null)[] {
  if (rows.length === 0) return Array.from({ length }, () => null);
  return rows.map((row) => {
    if (row === null) return null;
    const metadata: Record<string, MetadataValue | null> = {};
    for (let i = 0; i < row.length; i += 2) {
      setOwn(metadata, keys[row[i] as number]!, row[i + 1] as MetadataValue | null);
    }
    return metadata;
  });
}

function spansToStored(spans: readonly (TextSpan | null)[]): Spans {
  if (spans.every((span) => span === null)) return [];
  return spans.flatMap((span) => (span === null ? [-1, 0] : [span.offset, span.length]));
}

function storedToSpans(stored: Spans, length: number): (TextSpan | null)[] {
  if (stored.length === 0) return Array.from({ length }, () => null);
  return Array.from({ length }, (_, i) => {
    const offset = stored[i * 2]!;
    return offset === -1 ? null : { offset, length: stored[i * 2 + 1]! };
  });
}

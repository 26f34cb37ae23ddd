// An export: the archive of a path as it was at one moment, read section by section while writes go on.
// Blocks in use at that moment are held until it ends; roots and log are copied, since they are
// written over. Invariant: a section reads the same however often it is asked for.

import { BLOCK_BYTES, type Extent } from "../data/extent.ts";
import type { FrozenFiles } from "../path/freeze.ts";
import {
  ARCHIVE_HEADER_BYTES,
  encodeArchiveHeader,
  ROOTS,
  sealSection,
  type Section,
  SECTION_BYTES_MAX,
  SECTION_HEADER_BYTES,
} from "./format.ts";

const DATA = 2;

export class ArchiveExport {
  readonly #frozen: FrozenFiles;
  readonly #sections: readonly Section[];

  constructor(frozen: FrozenFiles) {
    this.#frozen = frozen;
    const ranges = [
      ...frozen.logs.flatMap(({ file, bytes }) => split(file, 0, bytes.length)),
      ...frozen.used.flatMap((extent) => splitExtent(extent, frozen.data.size())),
      ...split(ROOTS, 0, frozen.roots.length),
    ];
    this.#sections = ranges.map((range, i) => ({ ...range, number: i + 1 }));
  }

  /** The header is section 0. */
  get sections(): number {
    return this.#sections.length + 1;
  }

  get bytes(): number {
    const bytes = this.#sections.reduce((sum, { length }) => sum + SECTION_HEADER_BYTES + length, 0);
    return ARCHIVE_HEADER_BYTES + bytes;
  }

  /** @throws {RangeError}  there is no such section */
  read(number: number): Uint8Array {
    if (number === 0) return encodeArchiveHeader({ bytes: this.bytes, sections: this.#sections.length });
    const section = this.#sections[number - 1];
    if (section === undefined) throw new RangeError(`section ${number}: expected 0 to ${this.sections - 1}`);
    const target = new Uint8Array(SECTION_HEADER_BYTES + section.length);
    this.#fill(target.subarray(SECTION_HEADER_BYTES), section);
    sealSection(target, section);
    return target;
  }

  /** Lets go of the blocks. Idempotent. */
  end(): void {
    this.#frozen.thaw();
  }

  #fill(target: Uint8Array, { file, offset, length }: Section): void {
    const { data, logs, roots } = this.#frozen;
    if (file === DATA) {
      data.read(target, offset);
      return;
    }
    const copy = file === ROOTS ? roots : logs.find((log) => log.file === file)!.bytes;
    target.set(copy.subarray(offset, offset + length));
  }
}

type Range = Omit<Section, "number">;

/** The bytes of an extent that the file has: its last block may be written in part. */
function splitExtent([start, blocks]: Extent, fileBytes: number): Range[] {
  const from = start * BLOCK_BYTES;
  return split(DATA, from, Math.min(from + blocks * BLOCK_BYTES, fileBytes));
}

function split(file: number, from: number, to: number): Range[] {
  const ranges: Range[] = [];
  for (let offset = from; offset < to; offset += SECTION_BYTES_MAX) {
    ranges.push({ file, offset, length: Math.min(SECTION_BYTES_MAX, to - offset) });
  }
  return ranges;
}

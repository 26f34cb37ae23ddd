// The bytes of an archive: a header, then sections, each a range of one of a path's files with a checksum
// of its own. What the ranges mean is the business of those files. The roots are the last section, so
// what is cut off is no archive.

import { Failure } from "../../src/protocol/failure.ts";
import { checksum } from "../checksum.ts";

/**
 * | offset | bytes | header                                    |
 * |-------:|------:|-------------------------------------------|
 * |      0 |     4 | magic "CLAR"                              |
 * |      4 |     4 | archive version                           |
 * |      8 |     8 | bytes of the archive, this header among them |
 * |     16 |     4 | number of sections                        |
 * |     60 |     4 | checksum of bytes 0 to 59, seed 0         |
 */
export const ARCHIVE_HEADER_BYTES = 64;
const ARCHIVE_MAGIC = 0x52414c43;
export const ARCHIVE_VERSION = 1;

/**
 * | offset | bytes | section                                            |
 * |-------:|------:|----------------------------------------------------|
 * |      0 |     4 | magic "CLAS"                                       |
 * |      4 |     4 | file: 0 `log-0`, 1 `log-1`, 2 `data`, 3 the roots of `data` |
 * |      8 |     8 | offset in the file                                 |
 * |     16 |     4 | length                                             |
 * |     20 |     4 | number of the section, from 1 on                   |
 * |     24 |     4 | checksum of the bytes that follow, seeded with the number |
 * |     28 |     4 | checksum of bytes 0 to 27, seeded with the number  |
 * |     32 |       | the bytes                                          |
 */
export const SECTION_HEADER_BYTES = 32;
const SECTION_MAGIC = 0x53414c43;
export const SECTION_BYTES_MAX = 2 ** 20;

export const ROOTS = 3;
/** Files by their numbers in sections; the roots are of the last one too. */
export const sectionFiles = ["log-0", "log-1", "data", "data"] as const;

export interface ArchiveHeader {
  readonly bytes: number;
  readonly sections: number;
}

export interface Section {
  /** Index into `sectionFiles`. */
  readonly file: number;
  readonly offset: number;
  readonly length: number;
  readonly number: number;
}

export function encodeArchiveHeader({ bytes, sections }: ArchiveHeader): Uint8Array {
  const header = new Uint8Array(ARCHIVE_HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint32(0, ARCHIVE_MAGIC, true);
  view.setUint32(4, ARCHIVE_VERSION, true);
  view.setBigUint64(8, BigInt(bytes), true);
  view.setUint32(16, sections, true);
  view.setUint32(60, checksum(header.subarray(0, 60), 0), true);
  return header;
}

/** @throws {Failure}  "corrupt": this is no archive, or its header is damaged; "format-newer" */
export function decodeArchiveHeader(header: Uint8Array): ArchiveHeader {
  const view = new DataView(header.buffer, header.byteOffset, ARCHIVE_HEADER_BYTES);
  if (view.getUint32(0, true) !== ARCHIVE_MAGIC) throw damage("this is no archive of Chromalite", 0);
  if (view.getUint32(60, true) !== checksum(header.subarray(0, 60), 0)) {
    throw damage("the archive's header fails its checksum", 0);
  }
  const version = view.getUint32(4, true);
  if (version > ARCHIVE_VERSION) {
    throw new Failure(
      "format-newer",
      `the archive has version ${version}; this build of Chromalite reads up to ${ARCHIVE_VERSION}`,
      { version, supported: ARCHIVE_VERSION },
    );
  }
  return { bytes: Number(view.getBigUint64(8, true)), sections: view.getUint32(16, true) };
}

/** Puts the header of a section before its bytes, which lie in `target` from `SECTION_HEADER_BYTES` on. */
export function sealSection(target: Uint8Array, { file, offset, length, number }: Section): void {
  const view = new DataView(target.buffer, target.byteOffset);
  view.setUint32(0, SECTION_MAGIC, true);
  view.setUint32(4, file, true);
  view.setBigUint64(8, BigInt(offset), true);
  view.setUint32(16, length, true);
  view.setUint32(20, number, true);
  view.setUint32(24, checksum(target.subarray(SECTION_HEADER_BYTES), number), true);
  view.setUint32(28, checksum(target.subarray(0, 28), number), true);
}

/** The header of section `number`. @param at  of the archive, for the message @throws {Failure} "corrupt" */
export function decodeSectionHeader(header: Uint8Array, number: number, at: number): Section {
  const view = new DataView(header.buffer, header.byteOffset, SECTION_HEADER_BYTES);
  const section: Section = {
    file: view.getUint32(4, true),
    offset: Number(view.getBigUint64(8, true)),
    length: view.getUint32(16, true),
    number: view.getUint32(20, true),
  };
  const isWhole =
    view.getUint32(0, true) === SECTION_MAGIC &&
    view.getUint32(28, true) === checksum(header.subarray(0, 28), number);
  if (!isWhole || section.number !== number || section.length > SECTION_BYTES_MAX || section.file > ROOTS) {
    throw damage(`the header of the archive's section ${number} fails its checksum`, at);
  }
  return section;
}

/** @throws {Failure}  "corrupt": the bytes are not those that its header speaks of */
export function assertSectionBytes(header: Uint8Array, bytes: Uint8Array, number: number, at: number): void {
  const sum = new DataView(header.buffer, header.byteOffset).getUint32(24, true);
  if (sum !== checksum(bytes, number)) {
    throw damage(`the bytes of the archive's section ${number} fail their checksum`, at);
  }
}

export function damage(what: string, offset: number): Failure {
  return new Failure("corrupt", `${what}, at byte ${offset}`, { file: "archive", offset });
}

// Finds a record by its id: an open-addressing hash table in typed arrays, 12 bytes an entry.
// It holds hashes and sequences, not ids: the caller compares the id itself, once for nearly every hit
// and for nearly no miss. It must not know where ids are stored.

const FREE = -1;
const DELETED = -2;

/** Multiset of (hash of id → sequence). */
export class IdIndex {
  /** Sequence, `FREE` or `DELETED`. The length is a power of two. */
  #sequences = new Float64Array(128).fill(FREE);
  #hashes = new Uint32Array(128);
  #count = 0;
  /** Entries that are not `FREE`; probing ends at a free one, so some must remain. */
  #used = 0;

  get bytes(): number {
    return this.#sequences.byteLength + this.#hashes.byteLength;
  }

  /** The id must not be present. */
  add(id: string, sequence: number): void {
    if (this.#used * 4 >= this.#sequences.length * 3) this.#rebuild();
    this.#put(hashId(id), sequence);
    this.#count++;
    this.#used++;
  }

  /** Forgets one entry; it must be present. */
  remove(id: string, sequence: number): void {
    const mask = this.#sequences.length - 1;
    let at = hashId(id) & mask;
    while (this.#sequences[at] !== sequence) {
      if (this.#sequences[at] === FREE) throw new Error(`sequence ${sequence} is not in the index of ids`);
      at = (at + 1) & mask;
    }
    this.#sequences[at] = DELETED;
    this.#count--;
  }

  /**
   * The sequence of the record with this id, -1 where there is none.
   * @param hasId  whether the record of a sequence has this very id
   */
  find(id: string, hasId: (sequence: number, id: string) => boolean): number {
    const hash = hashId(id);
    const mask = this.#sequences.length - 1;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const sequence = this.#sequences[at]!;
      if (sequence === FREE) return -1;
      if (sequence !== DELETED && this.#hashes[at] === hash && hasId(sequence, id)) return sequence;
    }
  }

  #put(hash: number, sequence: number): void {
    const mask = this.#sequences.length - 1;
    let at = hash & mask;
    while (this.#sequences[at] !== FREE) at = (at + 1) & mask;
    this.#sequences[at] = sequence;
    this.#hashes[at] = hash;
  }

  #rebuild(): void {
    const sequences = this.#sequences;
    const hashes = this.#hashes;
    // Where deleted entries filled it, the same size will do.
    const size = this.#count * 2 >= sequences.length ? sequences.length * 2 : sequences.length;
    this.#sequences = new Float64Array(size).fill(FREE);
    this.#hashes = new Uint32Array(size);
    this.#used = this.#count;
    for (let i = 0; i < sequences.length; i++) {
      if (sequences[i]! >= 0) this.#put(hashes[i]!, sequences[i]!);
    }
  }
}

/** 32 bits from UTF-16 code units: FNV-1a's loop, then murmur3's final mix so that the low bits are good. */
function hashId(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

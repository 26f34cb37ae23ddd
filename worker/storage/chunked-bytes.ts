// Bytes of a file in memory, in chunks of one size. A chunk that was never written is absent and
// reads as zeros, so a gap costs nothing; `fork` shares chunks until one side writes them.
// It knows nothing of files, durability or errors.

/** Growable bytes with an offset for every call. Bytes past `size` are zeros in every chunk. */
export class ChunkedBytes {
  readonly chunkBytes: number;
  #size = 0;
  #chunks: (Uint8Array | undefined)[] = [];
  /** Who may write a chunk in place: the `#self` of the moment it was made. */
  #owners: (object | undefined)[] = [];
  #self = {};

  /** @param chunkBytes  4 KiB suits forking; larger chunks read faster */
  constructor(chunkBytes = 4096) {
    this.chunkBytes = chunkBytes;
  }

  static from(bytes: Uint8Array, chunkBytes?: number): ChunkedBytes {
    const made = new ChunkedBytes(chunkBytes);
    made.write(bytes, 0);
    return made;
  }

  get size(): number {
    return this.#size;
  }

  /** A copy that changes apart from this one. Cost: two pointers a chunk. */
  fork(): ChunkedBytes {
    const copy = new ChunkedBytes(this.chunkBytes);
    copy.#size = this.#size;
    copy.#chunks = this.#chunks.slice();
    copy.#owners = this.#owners.slice();
    this.#self = {};
    return copy;
  }

  /** All bytes in one array. */
  toBytes(): Uint8Array {
    const bytes = new Uint8Array(this.#size);
    this.read(bytes, 0);
    return bytes;
  }

  /** Fills `target` from `at` on; returns how many bytes there were before the end. */
  read(target: Uint8Array, at: number): number {
    const length = Math.max(0, Math.min(target.length, this.#size - at));
    this.#eachChunk(at, length, (index, start, done, count) => {
      const chunk = this.#chunks[index];
      if (chunk) target.set(chunk.subarray(start, start + count), done);
      else target.fill(0, done, done + count);
    });
    return length;
  }

  /** Writes all of `source` at `at`, growing as needed. */
  write(source: Uint8Array, at: number): void {
    this.#eachChunk(at, source.length, (index, start, done, count) => {
      this.#writable(index).set(source.subarray(done, done + count), start);
    });
    if (source.length > 0) this.#size = Math.max(this.#size, at + source.length);
  }

  /** Cuts, or extends with zeros. */
  truncate(size: number): void {
    if (size < this.#size) {
      const kept = Math.ceil(size / this.chunkBytes);
      const within = size % this.chunkBytes;
      this.#chunks.length = Math.min(this.#chunks.length, kept);
      this.#owners.length = this.#chunks.length;
      if (within > 0 && this.#chunks[kept - 1]) this.#writable(kept - 1).fill(0, within);
    }
    this.#size = size;
  }

  /** The bytes of one chunk up to `size`, for reading only; undefined where all of them are zeros. */
  chunk(index: number): Uint8Array | undefined {
    return this.#chunks[index]?.subarray(0, Math.max(0, this.#size - index * this.chunkBytes));
  }

  #writable(index: number): Uint8Array {
    const present = this.#chunks[index];
    if (present && this.#owners[index] === this.#self) return present;
    const own = new Uint8Array(this.chunkBytes);
    if (present) own.set(present);
    this.#chunks[index] = own;
    this.#owners[index] = this.#self;
    return own;
  }

  /** Calls back for each chunk of a range: its index, the start inside it, bytes done before, bytes in it. */
  #eachChunk(
    at: number,
    length: number,
    visit: (index: number, start: number, done: number, count: number) => void,
  ): void {
    for (let done = 0; done < length;) {
      const start = (at + done) % this.chunkBytes;
      const count = Math.min(this.chunkBytes - start, length - done);
      visit(Math.floor((at + done) / this.chunkBytes), start, done, count);
      done += count;
    }
  }
}

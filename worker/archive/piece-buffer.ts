// Bytes that come in pieces of any size, taken from the front in the sizes that a reader needs.

export class PieceBuffer {
  #pieces: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** @param piece  kept, not copied */
  push(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  /** The first bytes, which stay; undefined while there are fewer. */
  peek(bytes: number): Uint8Array | undefined {
    if (this.#length < bytes) return undefined;
    if ((this.#pieces[0]?.length ?? 0) < bytes) this.#join();
    return this.#pieces[0]?.subarray(0, bytes) ?? new Uint8Array(0);
  }

  /** Takes bytes that `peek` has shown away. */
  drop(bytes: number): void {
    const rest = this.#pieces[0]!.subarray(bytes);
    this.#length -= bytes;
    if (rest.length > 0) this.#pieces[0] = rest;
    else this.#pieces.shift();
  }

  #join(): void {
    const joined = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      joined.set(piece, at);
      at += piece.length;
    }
    this.#pieces = [joined];
  }
}

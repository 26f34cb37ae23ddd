// A text stream in memory, as rows read it.

import type { TextSpan } from "../../worker/change.ts";
import type { TextSource } from "../../worker/rows/text-source.ts";

export class MemoryTexts implements TextSource {
  #bytes = new Uint8Array(0);
  reads = 0;

  append(text: string): TextSpan {
    const added = new TextEncoder().encode(text);
    const offset = this.#bytes.length;
    const grown = new Uint8Array(offset + added.length);
    grown.set(this.#bytes);
    grown.set(added, offset);
    this.#bytes = grown;
    return { offset, length: added.length };
  }

  read({ offset, length }: TextSpan): Uint8Array {
    this.reads++;
    return this.#bytes.subarray(offset, offset + length);
  }
}

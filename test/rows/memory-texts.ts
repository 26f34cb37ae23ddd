// A text stream in memory, as rows read it.

import type { TextSpan } from "../../worker/change.ts";
import type { TextSource } from "../../worker/rows/text-source.ts";

export class MemoryTexts implements TextSource {
  #bytes = new Uint8Array(1024);
  #end = 0;
  reads = 0;

  append(text: string): TextSpan {
    const added = new TextEncoder().encode(text);
    const offset = this.#end;
    this.#end += added.length;
    if (this.#end > this.#bytes.length) {
      const grown = new Uint8Array(this.#end * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(added, offset);
    return { offset, length: added.length };
  }

  read({ offset, length }: TextSpan): Uint8Array {
    this.reads++;
    return this.#bytes.subarray(offset, offset + length);
  }
}

// Where documents and uris are read from. The implementation verifies what it reads.

import type { TextSpan } from "../change.ts";

/** Reads texts of the collection's text stream, synchronously. */
export interface TextSource {
  /**
   * The UTF-8 bytes of one text. The array is the caller's until the next call.
   * @throws {Failure}  "corrupt" when the text fails its checksum
   */
  read(span: TextSpan): Uint8Array;
}

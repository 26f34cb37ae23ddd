// A flush of the data file on which what is known of it depends.

import { Failure } from "../../src/protocol/failure.ts";
import type { ReserveUse, StorageFile } from "../storage/storage.ts";

/** @throws {Failure}  "outcome-unknown": the path is broken */
export async function flushOrBreak(data: StorageFile, reserve?: ReserveUse): Promise<void> {
  try {
    await data.flush("strict", reserve);
  } catch (cause) {
    throw new Failure("outcome-unknown", `${data.name} could not be flushed`, {}, { cause });
  }
}

// An archive on its way into an engine that has an empty path for it alone.

import { type ArchivePiece, cancelImportOperation, importOperation } from "../protocol/archive.ts";
import type { Transport } from "../protocol/operation.ts";
import { callEngine } from "../transport/operation-client.ts";
import { onAbort } from "./on-abort.ts";
import type { TransferOptions } from "./transfer-options.ts";

/** Bytes that are sent at a time. */
const PIECE_BYTES_MAX = 2 ** 20;

/** Sends all of `archive`. After an error, or when it is given up, the engine's path is empty. */
export async function importArchive(
  transport: Transport,
  archive: Blob | ReadableStream<Uint8Array>,
  { signal, onProgress }: TransferOptions,
): Promise<void> {
  const send = (piece: ArchivePiece): Promise<unknown> =>
    callEngine(transport, { ...importOperation, body: piece });
  const isBlob = archive instanceof Blob;
  const reader: ReadableStreamDefaultReader<Uint8Array> = (isBlob ? archive.stream() : archive).getReader();
  // Bytes that do not come are not waited for: the read that is open ends.
  const ignore = onAbort(signal, () => void reader.cancel(signal!.reason).catch(() => undefined));
  let done = 0;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { value } = await reader.read();
      if (value === undefined) break;
      for (let at = 0; at < value.length; at += PIECE_BYTES_MAX) {
        signal?.throwIfAborted();
        // A copy of its own: a view is sent with its whole buffer.
        const bytes = value.slice(at, at + PIECE_BYTES_MAX);
        await send({ bytes, isEnd: false });
        done += bytes.length;
        if (isBlob && done < archive.size) onProgress?.({ done, total: archive.size });
      }
    }
    signal?.throwIfAborted();
    await send({ bytes: new Uint8Array(0), isEnd: true });
    onProgress?.({ done, total: done });
  } catch (error) {
    await reader.cancel(error).catch(() => undefined);
    // After an error of its own the engine has given the import up already; this begins and ends another.
    await callEngine(transport, cancelImportOperation).catch(() => undefined);
    throw error;
  } finally {
    ignore();
  }
}

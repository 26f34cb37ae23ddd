// An export as a stream: section after section, as its reader asks for them.

import {
  type ArchiveBytes,
  endExportOperation,
  type ExportStarted,
  readExportOperation,
  startExportOperation,
} from "../protocol/archive.ts";
import type { Operation, Transport } from "../protocol/operation.ts";
import { callEngine } from "../transport/operation-client.ts";
import { onAbort } from "./on-abort.ts";
import type { TransferOptions } from "./transfer-options.ts";

/** The archive of everything that the engine stores. Nothing is asked of it before the first read. */
export function exportArchive(
  transport: Transport,
  { signal, onProgress }: TransferOptions,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let started: Promise<ExportStarted> | undefined;
  let section = 0;
  let done = 0;
  let ignore = (): void => undefined;
  const call = (operation: Operation, path = {}): Promise<unknown> =>
    callEngine(transport, { ...operation, path });
  const end = async (): Promise<void> => {
    ignore();
    // One that never began has nothing to end; an engine that is gone has ended it.
    const begun = await started?.catch(() => undefined);
    if (begun !== undefined) await call(endExportOperation, { export: begun.export }).catch(() => undefined);
  };
  const isAborted = (): boolean => signal?.aborted === true;
  return new ReadableStream(
    {
      start(controller) {
        const abort = (): void => {
          controller.error(signal!.reason);
          void end();
        };
        if (isAborted()) abort();
        else ignore = onAbort(signal, abort);
      },
      async pull(controller) {
        try {
          started ??= call(startExportOperation) as Promise<ExportStarted>;
          const { export: id, sections, bytes: total } = await started;
          const { bytes } = (await call(readExportOperation, { export: id, section })) as ArchiveBytes;
          if (isAborted()) return;
          section += 1;
          done += bytes.length;
          controller.enqueue(bytes as Uint8Array<ArrayBuffer>);
          onProgress?.({ done, total });
          if (section < sections || isAborted()) return;
          controller.close();
          await end();
        } catch (error) {
          // What onProgress throws ends it too.
          await end();
          throw error;
        }
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  );
}

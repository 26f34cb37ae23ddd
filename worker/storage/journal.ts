// The journal of new files as the guard sees it: what was written to them, in order, durable at once.
// Where its entries lie is an implementation's business.

/** A write at an offset, or a truncate to a size. */
export type JournalEntry =
  | { readonly file: string; readonly at: number; readonly bytes: Uint8Array }
  | { readonly file: string; readonly size: number };

/** What was written to new files, durable as soon as it is appended. */
export interface Journal {
  /** When its files were created, in milliseconds since 1970; 0 where it was left before that was said. */
  readonly createdAt: number;
  /** Whether files were being made again from it, and that did not end: they may be anything. */
  readonly isRestoring: boolean;
  /** Says when, durably; files that were being made again from it are whole. */
  begin(createdAt: number): Promise<void>;
  /** Says, durably, that files are being made again from it. */
  beginRestore(): Promise<void>;
  /** All entries, in order. @throws  what `take` throws, and takes no more then */
  replay(take: (entry: JournalEntry) => void): Promise<void>;
  /** Entries appended together are there together or not at all. */
  append(entries: readonly JournalEntry[]): Promise<void>;
  /** Deletes it. */
  discard(): Promise<void>;
  /** Lets go of it as it is. */
  close(): void;
}

export interface JournalStore {
  /** The journal that was left, if one was. */
  find(): Promise<Journal | undefined>;
  create(): Promise<Journal>;
}

// Files that a visitor chose, dropped or pasted, as text; or why not.

export interface NoteFile {
  readonly name: string;
  readonly text: string;
  readonly isMarkdown: boolean;
}

/** Far more than anybody writes by hand; what is beyond would take seconds in one piece. */
const bytesMax = 1_000_000;

/**
 * Reads a .txt or .md file.
 *
 * @throws {Error}  it is of another kind, too large, empty, or not text; the message is for the visitor
 */
export async function readNoteFile(file: File): Promise<NoteFile> {
  const extension = /\.(txt|md)$/i.exec(file.name)?.[1]?.toLowerCase();
  if (!extension) throw new Error(`${file.name} is no .txt or .md file.`);
  if (file.size > bytesMax) throw new Error(`${file.name} is larger than 1 MB.`);
  const text = decode(await file.arrayBuffer());
  if (text === undefined) throw new Error(`${file.name} is not text in UTF-8.`);
  if (text.trim() === "") throw new Error(`${file.name} is empty.`);
  return { name: file.name, text, isMarkdown: extension === "md" };
}

/** Undefined where the bytes are no UTF-8. */
function decode(bytes: ArrayBuffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replaceAll("\r\n", "\n");
  } catch {
    return undefined;
  }
}

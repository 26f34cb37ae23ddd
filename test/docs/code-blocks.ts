// The code blocks of a Markdown document, and how one becomes a module that can be run.
// A block of `ts` is run in Node, one of `ts browser` in a page; a block of `text` right behind it is
// what it prints. Knows nothing of files: it runs in a page too.

export interface CodeBlock {
  /** What follows the opening fence, e.g. `ts browser`. */
  readonly info: string;
  readonly code: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  /** What the block prints, one line a call of console.log; undefined when the document does not say. */
  readonly output: string | undefined;
}

export type Place = "node" | "browser";

/** @throws {Error}  A fence is not closed: everything behind it would be taken for code. */
export function parseCodeBlocks(markdown: string): CodeBlock[] {
  const blocks: { info: string; lines: string[]; first: number; last: number }[] = [];
  let open: (typeof blocks)[number] | undefined;
  const lines = markdown.split("\n");
  for (const [index, line] of lines.entries()) {
    if (open === undefined) {
      const info = /^```(.*)$/.exec(line)?.[1];
      if (info !== undefined) open = { info: info.trim(), lines: [], first: index, last: index };
    } else if (line.trimEnd() === "```") {
      blocks.push({ ...open, last: index });
      open = undefined;
    } else {
      open.lines.push(line);
    }
  }
  if (open !== undefined) throw new Error(`The code block opened in line ${open.first + 1} is not closed.`);

  return blocks.map(({ info, lines: code, first, last }, i) => {
    const next = blocks[i + 1];
    const isNext =
      next?.info === "text" && lines.slice(last + 1, next.first).every((line) => line.trim() === "");
    return {
      info,
      code: code.join("\n"),
      line: first + 1,
      output: isNext ? next.lines.join("\n") : undefined,
    };
  });
}

/** Where a block runs; undefined: it is no example to run. */
export function placeOf({ info }: CodeBlock): Place | undefined {
  if (info === "ts") return "node";
  return info === "ts browser" ? "browser" : undefined;
}

/** The package's entries by the name they are imported under: `chromalite`, `chromalite/embed`. */
export type Entries = ReadonlyMap<string, string>;

type Exports = Readonly<Record<string, string | Readonly<Record<string, unknown>>>>;

/**
 * The files behind the package's entries, from package.json.
 * @param root  what stands before them, ending in a slash
 */
export function packageEntries(name: string, exports: Exports, root: string): Entries {
  const entries = new Map<string, string>();
  for (const [key, value] of Object.entries(exports)) {
    const file = typeof value === "string" ? value : (value["import"] ?? value["default"]);
    if (typeof file === "string") entries.set(name + key.slice(1), root + file.slice(2));
  }
  return entries;
}

/** The block as a module of its own, which imports the built package as its users do. */
export function toModule({ code }: CodeBlock, entries: Entries): string {
  const resolved = code.replaceAll(/(?<=\b(?:from|import) )"([^"]+)"/g, (literal, specifier: string) =>
    entries.has(specifier) ? JSON.stringify(entries.get(specifier)) : literal,
  );
  // Makes a block without imports a module, where `await` may stand at the top.
  return `${resolved}\nexport {};\n`;
}

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

/**
 * The block as a module of its own in a folder two below this one: the package's entries become those of
 * the sources, so that an example is tried before anything is built.
 */
export function toModule({ code }: CodeBlock): string {
  const entries = code
    .replaceAll(/(["'])chromalite\1/g, `"../../../../src/index.ts"`)
    .replaceAll(/(["'])chromalite\/(\w+)\1/g, `"../../../../src/$2/index.ts"`);
  // Makes a block without imports a module, where `await` may stand at the top.
  return `${entries}\nexport {};\n`;
}

// What a benchmark leaves behind: Markdown with the machine it ran on, printed, and on request kept as
// its own section of RESULTS.md. Other sections of that file are left as they are.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";

export type Cell = string | number;

export class Report {
  readonly #parts: string[] = [];

  constructor(
    readonly title: string,
    /** The command that takes these figures again. */
    readonly command: string,
    /** Name and version of what took part, e.g. `usearch 2.26.2 (native)`. */
    versions: readonly string[],
  ) {
    const [cpu] = cpus();
    this.say(
      [
        `\`${command}\`, ${new Date().toISOString().slice(0, 10)}; ${cpus().length} cores (shared) of ${cpu?.model.trim() || process.arch}`,
        `${Math.round(totalmem() / 2 ** 30)} GB; Node ${process.versions.node}`,
        ...versions,
      ].join("; ") + ".",
    );
  }

  say(paragraph: string): void {
    this.#parts.push(paragraph);
    console.log(`${paragraph}\n`);
  }

  table(head: readonly string[], rows: readonly (readonly Cell[])[]): void {
    const line = (cells: readonly Cell[]) => `| ${cells.map(formatCell).join(" | ")} |`;
    this.say([line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n"));
  }

  /** Says how busy the machine was: figures of a loaded one are good for their ratios at most. */
  sayLoad(): void {
    this.say(
      `Load average of the last 1, 5 and 15 minutes at the end: ${loadavg().map(formatCell).join(", ")}.`,
    );
  }

  /** Puts the section into `folder`/RESULTS.md, in the place of an older one of this title. */
  save(folder: string): void {
    const file = join(folder, "RESULTS.md");
    const heading = `## ${this.title}\n`;
    const section = `${heading}\n${this.#parts.join("\n\n")}\n`;
    const sections = existsSync(file) ? readFileSync(file, "utf8").split(/^(?=## )/m) : ["# Results\n\n"];
    const place = sections.findIndex((each) => each.startsWith(heading));
    if (place < 0) sections.push(section);
    else sections[place] = section;
    writeFileSync(file, sections.map((each) => `${each.trimEnd()}\n`).join("\n"));
  }
}

/** Three digits that matter, and commas between thousands. */
export function formatCell(cell: Cell): string {
  if (typeof cell === "string") return cell;
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(cell) || 1)));
  return cell.toLocaleString("en-US", { maximumFractionDigits: digits, minimumFractionDigits: 0 });
}

// The commands, and what the shell is told of how they ended.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run.ts";
import { parseRunOptions, runUsage, UsageError } from "./run-options.ts";

/** Where lines for the user go. */
export interface Terminal {
  /** Results and progress: stdout. */
  tell(line: string): void;
  /** Warnings and errors: stderr. */
  warn(line: string): void;
}

const usage = `Usage: chromalite <command>

  run         serve a directory over Chroma's REST API (chromalite run --help)
  --version   show the version
  --help      show this`;

const EXIT_DONE = 0;
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** Runs one command to its end. Never rejects: an error is one line and the exit code. */
export async function command(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<number> {
  try {
    await runCommand(args, environment, terminal);
    return EXIT_DONE;
  } catch (error) {
    terminal.warn(`chromalite: ${(error as Error).message}`);
    return error instanceof UsageError ? EXIT_USAGE : EXIT_FAILED;
  }
}

async function runCommand(
  [name, ...rest]: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<void> {
  switch (name) {
    case "run": {
      const options = parseRunOptions(rest, environment);
      if (options === "help") return terminal.tell(runUsage);
      return run(options, terminal);
    }
    case "--version":
    case "-v":
      return terminal.tell(version());
    case "--help":
    case "-h":
    case "help":
      return terminal.tell(usage);
    case undefined:
      throw new UsageError("no command given; chromalite --help lists them");
    default:
      throw new UsageError(`unknown command ${name}; chromalite --help lists them`);
  }
}

/** This file lies one folder below package.json, in the source and in the package. */
function version(): string {
  const packageJson = join(fileURLToPath(new URL("..", import.meta.url)), "package.json");
  return (JSON.parse(readFileSync(packageJson, "utf8")) as { version: string }).version;
}

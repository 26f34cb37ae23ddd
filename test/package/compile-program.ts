// The repository's TypeScript on a program of a project that has the package.

import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "./installed-package.ts";

const tsc = join(root, "node_modules", "typescript", "bin", "tsc");

/**
 * Compiles `program` as program.ts of `folder`, strictly, with the types that `options` name and no others.
 * @param options  of tsc, beside those
 * @returns  what the compiler has to say; "" where all is well
 */
export async function compileProgram(
  folder: string,
  program: string,
  options: readonly string[],
): Promise<string> {
  await writeFile(join(folder, "program.ts"), program);
  const parameters = [tsc, "--strict", "--target", "es2022", "--types", "", ...options, "program.ts"];
  const run = promisify(execFile)(process.execPath, parameters, { cwd: folder, encoding: "utf8" });
  const { stdout, stderr } = await run.catch((error: unknown) => error as { stdout: string; stderr: string });
  return stdout + stderr;
}

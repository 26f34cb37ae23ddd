// The environment that clients are configured by: variables of the process, then those of a `.env`
// file in the working directory, as Chroma's settings read it. In a page there is no file, and
// variables only where something defines `process.env`.

import { environmentVariable, nodeModule } from "../transport/node.ts";

/** The value of a variable; undefined where it is not set or empty. */
export type Environment = (name: string) => string | undefined;

/** The environment as it is now: the file is read once a call, and values are not kept. */
export function readEnvironment(file = ".env"): Environment {
  const inFile = readEnvFile(file);
  return (name) => environmentVariable(name) || inFile[name] || undefined;
}

/** Variables of a file; none where there is no such file (a Python environment may be a folder `.env`). */
function readEnvFile(path: string): Readonly<Record<string, string>> {
  const fs = nodeModule("node:fs");
  const util = nodeModule("node:util");
  if (!fs || !util || !fs.statSync(path, { throwIfNoEntry: false })?.isFile()) return {};
  // Editors of Windows begin a file with a byte order mark, which would be part of the first name.
  return util.parseEnv(fs.readFileSync(path, "utf8").replace(/^\uFEFF/, ""));
}

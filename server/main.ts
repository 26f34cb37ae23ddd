#!/usr/bin/env node
// The command `chromalite`: what the shell gives goes in, what the shell is told comes out.

import { command } from "./command.ts";

const { argv, env, stdout, stderr } = process;
for (const stream of [stdout, stderr]) {
  // Who started us may read the line with the port and close the pipe: nobody listens, and we serve on.
  stream.on("error", () => stream.destroy());
}
process.exitCode = await command(argv.slice(2), env, {
  tell: (line) => stdout.write(`${line}\n`),
  warn: (line) => stderr.write(`${line}\n`),
});

#!/usr/bin/env node
// The command `chromalite`: what the shell gives goes in, what the shell is told comes out.

import { command } from "./command.ts";

const { argv, env, stdout, stderr } = process;
process.exitCode = await command(argv.slice(2), env, {
  tell: (line) => stdout.write(`${line}\n`),
  warn: (line) => stderr.write(`${line}\n`),
});

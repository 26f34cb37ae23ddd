// The command line of `chromalite run`, and the variables of the environment that stand in for parts of it.

import { parseArgs, type ParseArgsConfig } from "node:util";

export interface RunOptions {
  readonly path: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly host: string;
  readonly allowReset: boolean;
  readonly corsOrigins: readonly string[];
  readonly token?: string;
  readonly bodyBytesMax: number;
}

/** A command line that makes no sense. The message says what to write instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const runUsage = `Usage: chromalite run [options]

Serves a directory of Chromalite over Chroma's REST API, for Chroma's clients of any language.

  --path DIR          where the data lies (default ./chroma)
  --port N            port to listen on, 0 for any that is free (default 8000)
  --host HOST         address to listen on (default 127.0.0.1: this machine alone)
  --allow-reset       let clients delete everything by reset()
  --cors-origin URL   let pages of this origin call, * for all; may be given more than once
  --token TOKEN       answer only who brings it, as x-chroma-token or Authorization: Bearer;
                      better given as CHROMALITE_TOKEN in the environment, where ps does not show it
  --body-limit MB     largest body of a request, in MiB (default 40)
  --help              show this

Stops on SIGINT and SIGTERM when the open requests are answered; at once on a second one.`;

const BYTES_PER_MIB = 1024 * 1024;
/** A body is text at one point, and the text of no engine is longer. */
const BODY_MIB_MAX = 500;

const options = {
  path: { type: "string", default: "./chroma" },
  port: { type: "string", default: "8000" },
  host: { type: "string", default: "127.0.0.1" },
  "allow-reset": { type: "boolean", default: false },
  "cors-origin": { type: "string", multiple: true, default: [] },
  token: { type: "string" },
  "body-limit": { type: "string", default: "40" },
  help: { type: "boolean", short: "h", default: false },
} satisfies ParseArgsConfig["options"];

/**
 * What `run` is asked for; "help" where it is help.
 * @throws {UsageError}
 */
export function parseRunOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): RunOptions | "help" {
  const values = parse(args);
  if (values.help) return "help";
  const token = values.token ?? environment["CHROMALITE_TOKEN"];
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    throw new UsageError("the token must be ASCII letters, digits and punctuation, and not empty");
  }
  if (values.path === "") throw new UsageError("--path must name a directory");
  if (values.host === "") throw new UsageError("--host must name an address");
  return {
    path: values.path,
    port: parseWhole("--port", values.port, 0, 65_535),
    host: values.host,
    allowReset: values["allow-reset"],
    corsOrigins: values["cors-origin"].map(parseOrigin),
    ...(token !== undefined && { token }),
    bodyBytesMax: parseWhole("--body-limit", values["body-limit"], 1, BODY_MIB_MAX) * BYTES_PER_MIB,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function parseWhole(option: string, text: string, min: number, max: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new UsageError(`${option} ${text}: expected a whole number from ${min} to ${max}`);
}

/** As a browser writes it in its Origin header: no path, no slash at the end. */
function parseOrigin(text: string): string {
  if (text === "*" || text === "null") return text;
  if (URL.canParse(text)) {
    const { origin, href } = new URL(text);
    if (href === `${origin}/`) return origin;
  }
  throw new UsageError(`--cors-origin ${text}: expected an origin such as https://example.org, or *`);
}

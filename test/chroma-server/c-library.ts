// A newer C library in a folder of its own, from Debian's packages and by apt, with lists and archives
// apart from the machine's, which stay as they are. Fetched once; several processes may ask at a time:
// each unpacks into a folder of its own, and the first to be done gives it the name that all look for.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { retargetSources, type SourceFile } from "./apt-sources.ts";

const run = promisify(execFile);

/** The first release of Debian whose C library is new enough. */
const release = "trixie";

const packages = ["libc6", "libstdc++6", "libgcc-s1"];

/** A minute for each of apt's steps: ten megabytes of lists, four of packages. */
const STEP_TIMEOUT_MS = 60_000;

/** Debian's packages cannot be had from here; nothing is wrong with us. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}

/**
 * The folder into which the libraries are unpacked, `usr/lib/…` in it.
 *
 * @param cache     a folder that may be missing; kept from run to run
 * @param codename  the machine's own release, whose sources are taken
 * @throws {UnreachableError}  No source of this machine answers, or it has none.
 * @throws {Error}             A source answers and the packages could not be had; the text is apt's.
 */
export async function fetchCLibrary(cache: string, codename: string): Promise<string> {
  const folder = join(cache, `${release}-${process.arch}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, "fetch-"));
  try {
    const unpacked = await fetchInto(work, codename);
    await rename(unpacked, folder).catch((error: unknown) => {
      // Another process was first, with the same packages.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}

async function fetchInto(work: string, codename: string): Promise<string> {
  const sources = retargetSources(await readSources(), {
    from: [codename, "stable", "oldstable", "oldoldstable"],
    to: release,
  });
  if (sources.length === 0) throw new UnreachableError(`apt has no source of Debian ${codename}`);

  const folder = (name: string): string => join(work, name);
  for (const name of ["sources", "lists", "lists/partial", "cache", "archives", "unpacked"]) {
    await mkdir(folder(name));
  }
  for (const { name, text } of sources) await writeFile(join(folder("sources"), name), text);

  const options = [
    ["Dir::Etc::SourceList", "/dev/null"],
    ["Dir::Etc::SourceParts", folder("sources")],
    ["Dir::Etc::Preferences", "/dev/null"],
    ["Dir::Etc::PreferencesParts", "/dev/null"],
    ["Dir::State::Lists", folder("lists")],
    ["Dir::Cache", folder("cache")],
    ["Acquire::Languages", "none"],
    ["Acquire::Retries", "1"],
    ["Acquire::http::Timeout", "15"],
    ["Acquire::https::Timeout", "15"],
    // As root apt would hand the download to a user who may not look into our folders.
    ["APT::Sandbox::User", "root"],
  ].flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  // One source of several may fail, so the update's own outcome says nothing; the download's does.
  const updated = await say("apt-get", ["update", "--quiet", ...options], work);
  const downloaded = await say(
    "apt-get",
    ["download", "--quiet", ...options, ...packages],
    folder("archives"),
  );
  if (!downloaded.isDone) {
    const output = `${updated.output}\n${downloaded.output}`.trim();
    const why = whyUnreachable(output);
    throw why === undefined
      ? new Error(output)
      : new UnreachableError(`Debian's packages cannot be reached: ${why}`);
  }
  for (const archive of await readdir(folder("archives"))) {
    await run("dpkg", ["--extract", join(folder("archives"), archive), folder("unpacked")]);
  }
  return folder("unpacked");
}

const failuresOfTheWay =
  /could not resolve|could not connect|cannot initiate|unable to connect|connection (failed|timed out|refused)|temporary failure|network is unreachable|^(403|407|502|503|504)\s/i;

/**
 * The first of apt's failures where nothing was got and each of them is one of the way there, not of
 * what stands there; undefined otherwise.
 */
export function whyUnreachable(output: string): string | undefined {
  const failures = [...output.matchAll(/^Err:.*\n[ \t]+(?<why>.+)$/gm)].map(({ groups }) => groups!["why"]!);
  const isOfTheWay = failures.every((why) => failuresOfTheWay.test(why));
  return isOfTheWay && !/^(Get|Hit):/m.test(output) ? failures[0] : undefined;
}

async function readSources(): Promise<SourceFile[]> {
  const parts = "/etc/apt/sources.list.d";
  const names = existsSync(parts) ? await readdir(parts) : [];
  const paths = ["/etc/apt/sources.list", ...names.map((name) => join(parts, name))];
  return Promise.all(
    paths
      .filter((path) => /\.(list|sources)$/.test(path) && existsSync(path))
      .map(async (path) => ({ name: basename(path), text: await readFile(path, "utf8") })),
  );
}

async function say(
  program: string,
  parameters: string[],
  cwd: string,
): Promise<{ isDone: boolean; output: string }> {
  const options = { cwd, timeout: STEP_TIMEOUT_MS, env: { ...process.env, LC_ALL: "C" } };
  try {
    const { stdout, stderr } = await run(program, parameters, options);
    return { isDone: true, output: stdout + stderr };
  } catch (error) {
    const { stdout = "", stderr = "", message } = error as Error & { stdout?: string; stderr?: string };
    return { isDone: false, output: stdout + stderr || message };
  }
}

// The package sources of a Debian machine, read from apt's own files and pointed at another release:
// mirrors, keys and options stay the machine's, so no host is named here. Both of apt's forms are read,
// deb822 stanzas (`*.sources`) and one-line entries (`*.list`).

/** One of apt's files. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

export interface Releases {
  /** Names under which the machine's own release may stand, its codename first. */
  readonly from: readonly string[];
  /** The codename that is wanted. */
  readonly to: string;
}

/**
 * The entries of `files` that bring packages of one of `from`'s releases, rewritten to `to`, component
 * `main` alone. Updates, security, source packages and what is switched off are left out.
 *
 * @returns  files of the same names, those with no such entry left out
 */
export function retargetSources(files: readonly SourceFile[], releases: Releases): SourceFile[] {
  return files
    .map(({ name, text }) => ({
      name,
      text: name.endsWith(".list") ? retargetLines(text, releases) : retargetStanzas(text, releases),
    }))
    .filter(({ text }) => text !== "");
}

/** `deb [signed-by=… arch=…] uri suite component…`; the part in brackets may be missing. */
const oneLineEntry = /^deb\s+(?<options>\[[^\]]*\]\s+)?(?<uri>\S+)\s+(?<suite>\S+)\s+(?<components>.+)$/;

function retargetLines(text: string, { from, to }: Releases): string {
  return text
    .split("\n")
    .flatMap((line) => {
      const {
        options = "",
        uri,
        suite = "",
        components = "",
      } = oneLineEntry.exec(line.replace(/#.*$/, "").trim())?.groups ?? {};
      const isWanted = from.includes(suite) && words(components).includes("main");
      return isWanted ? [`deb ${options}${uri} ${to} main\n`] : [];
    })
    .join("");
}

function retargetStanzas(text: string, { from, to }: Releases): string {
  const stanzas = text
    .replace(/^#.*\n?/gm, "")
    .split(/\n(?:[ \t]*\n)+/)
    .map(parseStanza);
  return stanzas
    .filter(
      (fields) =>
        words(fields.get("types")).includes("deb") &&
        words(fields.get("suites")).some((suite) => from.includes(suite)) &&
        words(fields.get("components")).includes("main") &&
        !/^(no|false|off|without|disable|0)$/i.test(fields.get("enabled") ?? "yes"),
    )
    .map((fields) => {
      const changed = new Map([...fields, ["types", "deb"], ["suites", to], ["components", "main"]]);
      return [...changed].map(([name, value]) => `${name}: ${value}\n`).join("");
    })
    .join("\n");
}

/** Field names, which apt takes in any case, in lower case; a value keeps its further lines. */
function parseStanza(stanza: string): Map<string, string> {
  const fields = stanza.matchAll(/^(?<name>[A-Za-z][A-Za-z0-9-]*):[ \t]*(?<value>.*(?:\n[ \t].*)*)/gm);
  return new Map(
    [...fields].map(({ groups }) => [groups!["name"]!.toLowerCase(), groups!["value"]!.trimEnd()]),
  );
}

function words(value = ""): string[] {
  return value.split(/\s+/).filter((word) => word !== "");
}

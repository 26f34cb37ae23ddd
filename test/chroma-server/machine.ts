// What of a machine decides how Chroma's native addon can be started on it. The addon is built for a C
// library that is newer than that of some Debian releases still in use; the decision knows no files.

/** glibc that the addon of chromadb 3.5.0 asks for. */
const glibcMin = [2, 39] as const;

/** Where a C library lies and what starts programs under it, by Node's name of the processor. */
const cLibraryPlaces: Readonly<Record<string, { readonly folder: string; readonly loader: string }>> = {
  x64: { folder: "x86_64-linux-gnu", loader: "ld-linux-x86-64.so.2" },
  arm64: { folder: "aarch64-linux-gnu", loader: "ld-linux-aarch64.so.1" },
};

export interface Machine {
  /** As Node names them: `linux`, `x64`. */
  readonly platform: string;
  readonly processor: string;
  /** Version of the C library in use, `2.36`; undefined where it is none of GNU's. */
  readonly glibc: string | undefined;
  /** The distribution and its release, as /etc/os-release has them. */
  readonly distribution: string | undefined;
  readonly codename: string | undefined;
  /** Whether the tools are there that fetch and unpack Debian's packages. */
  readonly hasApt: boolean;
}

export type Choice =
  /** The addon runs as any other. */
  | { readonly way: "directly" }
  /** Under a newer C library, from the release of Debian that follows `codename`. */
  | {
      readonly way: "newer-c-library";
      readonly codename: string;
      readonly folder: string;
      readonly loader: string;
    }
  | { readonly way: "none"; readonly obstacle: string };

export function chooseWay(machine: Machine): Choice {
  const { platform, processor, glibc, distribution, codename, hasApt } = machine;
  const place = cLibraryPlaces[processor];
  if (place === undefined || (platform !== "linux" && platform !== "darwin")) {
    return none(`chromadb has no server for ${platform} on ${processor}`);
  }
  if (platform === "darwin") return { way: "directly" };
  if (glibc === undefined)
    return none("chromadb's server needs glibc, which is not this machine's C library");
  if (isNewEnough(glibc)) return { way: "directly" };
  if (distribution !== "debian" || codename === undefined || !hasApt) {
    return none(
      `chromadb's server needs glibc ${glibcMin.join(".")}, this is ${glibc} and not Debian with apt`,
    );
  }
  return { way: "newer-c-library", codename, ...place };
}

/** @param osRelease  the text of /etc/os-release */
export function parseOsRelease(osRelease: string): Pick<Machine, "distribution" | "codename"> {
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}="?([^"\\n]*)"?$`, "m").exec(osRelease)?.[1];
  return { distribution: field("ID"), codename: field("VERSION_CODENAME") };
}

function isNewEnough(glibc: string): boolean {
  const [major = 0, minor = 0] = glibc.split(".").map(Number);
  return major > glibcMin[0] || (major === glibcMin[0] && minor >= glibcMin[1]);
}

function none(obstacle: string): Choice {
  return { way: "none", obstacle };
}

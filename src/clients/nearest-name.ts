// Which known name was meant by one that is not known.

/** The name that takes the fewest edits to become `name`; undefined where all take more than half its length. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  const wanted = plain(name);
  const scored = names.map((each) => ({ each, edits: editDistance(wanted, plain(each)) }));
  const nearest = scored.reduce((a, b) => (b.edits < a.edits ? b : a));
  return nearest.edits * 2 <= wanted.length ? nearest.each : undefined;
}

/** `allow_reset`, `ALLOW_RESET` and `allowReset` are one name, written in three languages. */
function plain(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

/** Levenshtein's distance: insertions, deletions and replacements that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      const replaced = (row[j] as number) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

// What the page's address may ask for: `?limit=20000` loads the first part of the dictionary only, and
// `?path=other` keeps the data under another name.

export interface PageParameters {
  /** Records to load at most. */
  readonly recordsMax: number;
  /** The client's path. */
  readonly path: string;
}

/** Nonsense in the address is as good as nothing. */
export function parsePageParameters(search: string): PageParameters {
  const parameters = new URLSearchParams(search);
  const limit = Number.parseInt(parameters.get("limit") ?? "", 10);
  return {
    recordsMax: limit > 0 ? limit : Number.POSITIVE_INFINITY,
    path: parameters.get("path") || "dictionary-by-meaning",
  };
}

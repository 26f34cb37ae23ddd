// The built package, as a page gets it. Its address comes in the page's own, since only the driver
// knows where the build lies.

export type Chromalite = typeof import("../../src/index.ts");

export function loadChromalite(): Promise<Chromalite> {
  return import(/* @vite-ignore */ libraryUrl());
}

/** Where the wasm binaries of the build lie, ending in a slash. */
export function libraryFolder(): string {
  return new URL("./", new URL(libraryUrl(), location.href)).href;
}

function libraryUrl(): string {
  const url = new URLSearchParams(location.search).get("library");
  if (url === null) throw new Error("the page's address has no ?library=");
  return url;
}

// The built package, as a page gets it. Its address comes in the page's own, since only the driver
// knows where the build lies.

export type Chromalite = typeof import("../../src/index.ts");

export function loadChromalite(): Promise<Chromalite> {
  const url = new URLSearchParams(location.search).get("library");
  if (url === null) throw new Error("the page's address has no ?library=");
  return import(/* @vite-ignore */ url);
}

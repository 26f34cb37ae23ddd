// Where a Chrome or Chromium is on this machine. Node's built-ins only: the set-up runs it first.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const elsewhere = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** The path of a browser found on the machine, or undefined. `CHROMALITE_CHROMIUM` wins. */
export function findChromium() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const onPath = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const wanted = process.env.CHROMALITE_CHROMIUM;
  return [...(wanted ? [wanted] : []), ...onPath, ...elsewhere].find((path) => existsSync(path));
}

/** Flags for a headless Chromium in a test: no sandbox for root, no calls to its maker. */
export const chromiumFlags = [
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

// Where a Chrome or Chromium, and a Firefox, are on this machine. Node's built-ins only: the set-up runs
// it first.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const chromium = {
  names: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"],
  elsewhere: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  ],
};
const firefox = {
  names: ["firefox-esr", "firefox"],
  elsewhere: [
    "/Applications/Firefox.app/Contents/MacOS/firefox",
    "C:\\Program Files\\Mozilla Firefox\\firefox.exe",
  ],
};

/** The path of a Chrome or Chromium on the machine, or undefined. `CHROMALITE_CHROMIUM` wins. */
export function findChromium() {
  return find(chromium, process.env.CHROMALITE_CHROMIUM);
}

/** The path of a Firefox on the machine, or undefined. `CHROMALITE_FIREFOX` wins. */
export function findFirefox() {
  return find(firefox, process.env.CHROMALITE_FIREFOX);
}

function find({ names, elsewhere }, wanted) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const onPath = folders.flatMap((folder) => names.map((name) => join(folder, name)));
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

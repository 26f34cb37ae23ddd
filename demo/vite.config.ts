// The demo uses the package as its users do: `chromalite` is the built one in dist/, whose worker and
// wasm Vite finds by itself. `base` is relative so that the page runs from any folder of a host.

import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { precachePlugin } from "./precache-plugin.ts";

const fromHere = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: fromHere("."),
  base: "./",
  plugins: [precachePlugin()],
  worker: { format: "es" },
  resolve: {
    alias: [
      { find: /^chromalite$/, replacement: fromHere("../dist/chromalite.js") },
      { find: /^chromalite\/embed$/, replacement: fromHere("../dist/embed.js") },
    ],
  },
  build: {
    target: "es2022",
    emptyOutDir: true,
    rolldownOptions: {
      input: { page: fromHere("index.html"), "service-worker": fromHere("service-worker.ts") },
      output: {
        // Browsers look for a Service Worker's update under its one address.
        entryFileNames: ({ name }) =>
          name === "service-worker" ? "service-worker.js" : "assets/[name]-[hash].js",
      },
    },
  },
});

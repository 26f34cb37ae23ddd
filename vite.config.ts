// `vite build` makes the package's entry alone; `npm run build` makes all of the package.

import { defineConfig } from "vite";
import { entryByScript, scriptConfig } from "./scripts/build/script-config.mjs";

export default defineConfig(scriptConfig("chromalite.js", entryByScript["chromalite.js"]));

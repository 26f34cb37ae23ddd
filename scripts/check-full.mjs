// `npm run check:full`: the same tests at their full size (the whole dictionary instead of a part,
// tens of thousands of stop points instead of a thousand). Tests read the size from CHROMALITE_FULL.
// An hour and more; `npm test` is what runs at every change.
import { runTests } from "./test.mjs";

await runTests(process.argv.slice(2), { environment: { CHROMALITE_FULL: "1" }, minutesMax: 240 });

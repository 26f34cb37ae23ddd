// The REST facts on `chromalite run`.

import { afterAll, beforeAll } from "vitest";
import { startChromaliteRun, type ServedFolder } from "../chromalite-run.ts";
import { endingGroups, restGroups, runRestFacts } from "./rest-facts.ts";

let served: ServedFolder;
beforeAll(async () => void (served = await startChromaliteRun()), 60_000);
afterAll(() => served.stop());

runRestFacts("chromalite run", { ...restGroups, ...endingGroups }, async () => {
  const { url } = served;
  await fetch(`${url}/api/v2/reset`, { method: "POST" });
  return { url, fetch };
});

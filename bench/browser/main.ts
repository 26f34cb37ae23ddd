// `npm run bench -- browser [data set …]`: hnswlib-wasm and our engine in one page of a headless Chromium.

import { datasetFolder, openDataset } from "../datasets/open-dataset.ts";
import { outcomeTable } from "../engine/outcome-table.ts";
import { Report } from "../report.ts";
import { openChromiumPage } from "./chromium-page.ts";
import type { EngineRun, PageOutcome } from "./page.ts";

const efSearches = [32, 64, 128, 256];
const rounds = 5;

/** @param names  data sets; both of the target table when empty */
export async function run(names: readonly string[], folder: string): Promise<Report> {
  await using chromium = await openChromiumPage(folder);
  const report = new Report("Engine in a page, beside hnswlib-wasm", "npm run bench -- browser", [
    chromium.version,
    "hnswlib-wasm 0.8.2",
  ]);
  for (const name of names.length > 0 ? names : ["generated-100000", "glove"]) {
    const { dimension, vectors } = openDataset(name, `${folder}/data`);
    const engineRun: EngineRun = {
      dataset: name,
      folderUrl: `/data/${datasetFolder(name)}`,
      parameters: { dimension, capacity: vectors.length / dimension, maxNeighbors: 16, efConstruction: 100 },
      efSearches,
      rounds,
    };
    const outcomes = await chromium.call<PageOutcome[]>("compareEngines", engineRun);
    outcomeTable(report, engineRun, outcomes, "x hnswlib-wasm");
  }
  return report;
}

// `npm run bench -- browser [data set …]`: in one page of a headless Chromium, our engine beside
// hnswlib-wasm, then the public API from the page through the worker and back.

import { datasetFolder, openDataset } from "../datasets/open-dataset.ts";
import { outcomeTable } from "../engine/outcome-table.ts";
import { quantile } from "../measure.ts";
import { formatCell, Report } from "../report.ts";
import { openChromiumPage, type ChromiumPage } from "./chromium-page.ts";
import type { Target } from "./collection-calls.ts";
import type { EngineRun } from "./page.ts";

const rounds = 5;
const efSearches = [32, 64, 128, 256];
const shares = [0.0001, 0.01, 0.05, 0.2, 0.5, 0.9];

/** @param names  data sets; both of the target table when empty. The API part runs on generated ones. */
export async function run(names: readonly string[], folder: string): Promise<Report> {
  await using chromium = await openChromiumPage(folder);
  const report = new Report("In a page, beside hnswlib-wasm", "npm run bench -- browser", [chromium.version]);
  const datasets = (names.length > 0 ? names : ["generated-100000", "glove"]).map((name) => {
    const { dimension, vectors } = openDataset(name, `${folder}/data`);
    return { name, dimension, rows: vectors.length / dimension, folderUrl: `/data/${datasetFolder(name)}` };
  });
  for (const dataset of datasets) await compareEngines(chromium, report, dataset);
  for (const dataset of datasets) {
    if (dataset.dimension === 384) await timeCalls(chromium, report, dataset);
  }
  return report;
}

interface Served {
  readonly name: string;
  readonly dimension: number;
  readonly rows: number;
  readonly folderUrl: string;
}

async function compareEngines(chromium: ChromiumPage, report: Report, dataset: Served): Promise<void> {
  const engineRun: EngineRun = {
    dataset: dataset.name,
    folderUrl: dataset.folderUrl,
    parameters: {
      dimension: dataset.dimension,
      capacity: dataset.rows,
      maxNeighbors: 16,
      efConstruction: 100,
    },
    efSearches,
    rounds,
  };
  outcomeTable(report, engineRun, await chromium.call("compareEngines", engineRun), "x hnswlib-wasm");
  await chromium.reload();
}

async function timeCalls(chromium: ChromiumPage, report: Report, dataset: Served): Promise<void> {
  const { name, dimension, rows, folderUrl } = dataset;
  const target: Target = { path: `bench-${name}`, dataset: name, dimension, folderUrl };
  await chromium.call("fill", { ...target, batchRows: 1_000, withRecords: true });
  await chromium.call("settle", target);
  await chromium.reload();
  report.say(
    `**Public API on ${name}**: ${rows.toLocaleString("en-US")} records of ${dimension} numbers, 5 metadata keys and a ` +
      "document of 400 characters, default configuration, PersistentClient on OPFS; one call after the other.",
  );

  const all = await chromium.call("queryAll", {
    ...target,
    include: ["documents", "metadatas", "distances"],
  });
  const distances = await chromium.call("queryAll", { ...target, include: ["distances"] });
  report.say(`Vectors outside the graph when the queries began: ${all.unindexed.toLocaleString("en-US")}.`);
  const get = await chromium.call("getSingly", { ...target, times: 1_000, rows });
  const word = await chromium.call("findWord", { ...target, times: 50 });
  report.table(
    ["call", "p50 ms", "p99 ms", "recall@10"],
    [
      ["query, k 10, documents, metadatas, distances", ...spread(all.milliseconds), all.recall.toFixed(4)],
      ["query, k 10, distances only", ...spread(distances.milliseconds), distances.recall.toFixed(4)],
      ["get by id", ...spread(get), ""],
      [`$contains of a seldom word (${word.found} found)`, ...spread(word.milliseconds), ""],
    ],
  );

  const filtered = await chromium.call("queryFiltered", {
    ...target,
    placements: ["random", "around", "far"],
    shares,
  });
  const unfiltered = quantile(filtered[0]!.milliseconds, 0.5);
  report.say(
    "The same with a filter. *Random*: any records; *around*: those nearest to the queries; *far*: those farthest from " +
      "them. 100 queries that lie together; recall against exact search over the allowed records.",
  );
  report.table(
    ["allowed", "share", "p50 ms", "p99 ms", "x unfiltered", "recall@10"],
    filtered.map(({ placement, share, milliseconds, recall }) => [
      placement,
      `${formatCell(share * 100)} %`,
      ...spread(milliseconds),
      quantile(milliseconds, 0.5) / unfiltered,
      recall.toFixed(4),
    ]),
  );
}

function spread(milliseconds: readonly number[]): [number, number] {
  return [quantile(milliseconds, 0.5), quantile(milliseconds, 0.99)];
}

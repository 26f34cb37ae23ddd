// `npm run bench -- storage [data set …]`: durable writes, opening, and how long reads wait for checkpoints, through
// the public API in a page of a headless Chromium, PersistentClient on OPFS in a profile on disk.

import { openChromiumPage, type ChromiumPage } from "../browser/chromium-page.ts";
import type { Filled, Target } from "../browser/collection-calls.ts";
import { type Traced, traceWorkers } from "../browser/worker-trace.ts";
import { datasetFolder, openDataset } from "../datasets/open-dataset.ts";
import { median, quantile } from "../measure.ts";
import { Report } from "../report.ts";

const openings = 5;
const singleAdds = 500;
const batchRows = 1_000;
/** A path this young writes twice: a new file is not durable at once in Chromium. */
const youthMs = 60_000;
/** What is to be written beside reads: three checkpoints' worth. */
const besideMegabytes = 48;
const besideUpdates = 20_000;
/** What a read may wait for a checkpoint at most. */
const stallMs = 50;

/** @param names  generated data sets; the one of the target table when empty */
export async function run(names: readonly string[], folder: string): Promise<Report> {
  await using chromium = await openChromiumPage(folder);
  const report = new Report("Storage, in a page", "npm run bench -- storage", [chromium.version, "OPFS"]);
  for (const name of names.length > 0 ? names : ["generated-100000"]) {
    const { dimension } = openDataset(name, `${folder}/data`);
    const target = { dataset: name, dimension, folderUrl: `/data/${datasetFolder(name)}` };
    await measure(chromium, report, target);
  }
  return report;
}

async function measure(chromium: ChromiumPage, report: Report, data: Omit<Target, "path">): Promise<void> {
  const vectorsOnly = { ...data, path: `vectors-${data.dataset}` };
  const whole = { ...data, path: `whole-${data.dataset}` };
  const older = { ...data, path: `older-${data.dataset}` };
  const started = Date.now();
  await chromium.call("create", older);
  const filledVectors = await chromium.call("fill", { ...vectorsOnly, batchRows, withRecords: false });
  await chromium.reload();
  const filledWhole = await chromium.call("fill", { ...whole, batchRows, withRecords: true });
  const usage = await chromium.call("bytesUsed", undefined);
  await chromium.reload();
  const openedFull = await chromium.call("openAndQuery", whole);
  const indexing = await chromium.call("settle", whole);
  await chromium.page.waitForTimeout(Math.max(0, started + youthMs - Date.now()));
  const filledOlder = await chromium.call("fill", { ...older, batchRows, withRecords: true });
  await chromium.reload();
  const openedOlder = await chromium.call("openAndQuery", older);

  report.say(
    `**${data.dataset}**: durable adds, ${filledWhole.rows.toLocaleString("en-US")} records of ${data.dimension} numbers in ` +
      `batches of ${batchRows.toLocaleString("en-US")}; with records: 5 metadata keys and a document of 400 characters. Each ` +
      "batch is flushed before it is acknowledged; the graph is built behind the replies. In a path's first minute Chromium's " +
      "new files are written twice, the second time to IndexedDB.",
  );
  report.table(
    ["what", "records/s", "batch p50 ms", "batch p99 ms"],
    [
      ["vectors only, in the first minute", ...rates(filledVectors)],
      ["with records, in the first minute", ...rates(filledWhole)],
      ["with records, later", ...rates(filledOlder)],
    ],
  );

  const singles = await chromium.call("addSingly", { ...whole, times: singleAdds });
  await chromium.call("settle", whole);
  const atRest: number[] = [];
  for (let i = 0; i < openings; i++) {
    await chromium.reload();
    atRest.push((await chromium.call("openAndQuery", whole)).milliseconds);
  }
  report.table(
    ["what", "p50 ms", "p99 ms"],
    [
      ["one durable add, path older than a minute", median(singles), quantile(singles, 0.99)],
      [
        "open to first query answered, right after the load, in the first minute",
        openedFull.milliseconds,
        "",
      ],
      ["the same, path older than a minute", openedOlder.milliseconds, ""],
      [`the same, log at rest (${openings} page loads)`, median(atRest), Math.max(...atRest)],
      ["until all is in the graph, after the load", indexing, ""],
    ],
  );
  await measureStalls(chromium, report, { ...whole, rows: filledWhole.rows });
  report.say(
    `The two paths of the first minute use ${Math.round(usage / 2 ** 20).toLocaleString("en-US")} MiB of the origin's storage; ` +
      `their vectors alone are ${Math.round((2 * filledWhole.rows * data.dimension * 4) / 2 ** 20).toLocaleString("en-US")} MiB.`,
  );
}

/** How long reads wait for checkpoints and packing. Most of the collection is deleted by it. */
async function measureStalls(
  chromium: ChromiumPage,
  report: Report,
  target: Target & { rows: number },
): Promise<void> {
  const megabytes = besideMegabytes;
  const updated = Math.min(besideUpdates, target.rows);
  const traced = (work: () => Promise<number[]>): Promise<Traced<number[]>> =>
    traceWorkers(chromium.page, work);
  const waits: [string, Traced<number[]>][] = [
    ["nothing", await traced(() => chromium.call("readAtRest", target))],
    [
      `updates of 20 records, ${megabytes} MiB of them, with the checkpoints that they call for`,
      await traced(() => chromium.call("readBesideUpdates", { ...target, megabytes })),
    ],
    [
      `the checkpoint at rest after ${updated.toLocaleString("en-US")} updates`,
      await traced(() => chromium.call("readBesideCheckpoint", { ...target, updated })),
    ],
    [
      "the same and packing, after 60 % were deleted",
      await traced(() => chromium.call("readBesidePacking", target)),
    ],
  ];
  report.say(
    `Reads while the engine keeps house, on the ${target.rows.toLocaleString("en-US")} records: \`count\` and \`get\` by id in ` +
      "turns, without a pause. _Busy_: processor time that the page's worker took from a read's beginning to its end, by " +
      "Chromium's trace, whatever else this machine did.",
  );
  report.table(
    [
      "beside",
      "reads",
      "p50 ms",
      "p99 ms",
      "longest ms",
      `over ${stallMs} ms`,
      "busy p99 ms",
      "busiest ms",
      `busy over ${stallMs} ms`,
    ],
    waits.map(([name, { result: milliseconds, busy }]) => [
      name,
      milliseconds.length,
      ...spread(milliseconds),
      ...spread(busy).slice(1),
    ]),
  );
}

/** Median, 99th percentile and longest, and how many are over the limit. */
function spread(milliseconds: readonly number[]): number[] {
  const isOver = (each: number): boolean => each > stallMs;
  return [
    median(milliseconds),
    quantile(milliseconds, 0.99),
    Math.max(...milliseconds),
    milliseconds.filter(isOver).length,
  ];
}

function rates({ rows, batches }: Filled): [number, number, number] {
  const milliseconds = batches.reduce((sum, each) => sum + each, 0);
  return [Math.round((rows / milliseconds) * 1_000), median(batches), quantile(batches, 0.99)];
}

// `npm run bench -- storage [data set …]`: durable writes and opening, through the public API in a page
// of a headless Chromium, PersistentClient on OPFS in a profile on disk.

import { openChromiumPage, type ChromiumPage } from "../browser/chromium-page.ts";
import type { Filled, Target } from "../browser/collection-calls.ts";
import { datasetFolder, openDataset } from "../datasets/open-dataset.ts";
import { median, quantile } from "../measure.ts";
import { Report } from "../report.ts";

const openings = 5;
const singleAdds = 500;
const batchRows = 1_000;
/** A path this young may pay more for a write: a new file is not durable at once in Chromium. */
const youthMs = 60_000;

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
  const started = Date.now();
  const filledVectors = await chromium.call("fill", { ...vectorsOnly, batchRows, withRecords: false });
  await chromium.reload();
  const filledWhole = await chromium.call("fill", { ...whole, batchRows, withRecords: true });
  const usage = await chromium.call("bytesUsed", undefined);
  await chromium.reload();
  const openedFull = await chromium.call("openAndQuery", whole);
  const indexing = await chromium.call("settle", whole);

  report.say(
    `**${data.dataset}**: durable adds, ${filledWhole.rows.toLocaleString("en-US")} records of ${data.dimension} numbers in ` +
      `batches of ${batchRows.toLocaleString("en-US")}; with records: 5 metadata keys and a document of 400 characters. Each ` +
      "batch is flushed before it is acknowledged; the graph is built behind the replies.",
  );
  report.table(
    ["what", "records/s", "batch p50 ms", "batch p99 ms"],
    [
      ["vectors only", ...rates(filledVectors)],
      ["with records", ...rates(filledWhole)],
    ],
  );

  await chromium.page.waitForTimeout(Math.max(0, started + youthMs - Date.now()));
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
      ["open to first query answered, right after the load", openedFull.milliseconds, ""],
      [`the same, log at rest (${openings} page loads)`, median(atRest), Math.max(...atRest)],
      ["until all is in the graph, after the load", indexing, ""],
    ],
  );
  report.say(
    `Both paths together use ${Math.round(usage / 2 ** 20).toLocaleString("en-US")} MiB of the origin's storage; ` +
      `their vectors alone are ${Math.round((2 * filledWhole.rows * data.dimension * 4) / 2 ** 20).toLocaleString("en-US")} MiB.`,
  );
}

function rates({ rows, batches }: Filled): [number, number, number] {
  const milliseconds = batches.reduce((sum, each) => sum + each, 0);
  return [Math.round((rows / milliseconds) * 1_000), median(batches), quantile(batches, 0.99)];
}

// `npm run bench -- million [rows]`: one large collection through the public API in a page of a headless
// Chromium: what it costs in memory, to build, to open and to search. The vectors are made as they are added.

import { readFileSync } from "node:fs";
import { openChromiumPage, type ChromiumPage } from "../browser/chromium-page.ts";
import { median, quantile } from "../measure.ts";
import { Report } from "../report.ts";

const dimension = 384;
const batchRows = 1_000;
const openings = 3;
/** Of a hundred queries each. */
const rounds = 5;

/** @param parameters  how many vectors; a million when left out */
export async function run([given = "1000000"]: readonly string[], folder: string): Promise<Report> {
  await using chromium = await openChromiumPage(folder);
  const rows = Number(given);
  const title =
    rows === 1e6 ? "A million vectors in a page" : `${rows.toLocaleString("en-US")} vectors in a page`;
  const report = new Report(title, `npm run bench -- million${rows === 1e6 ? "" : ` ${rows}`}`, [
    chromium.version,
    "OPFS",
  ]);
  const target = { path: `stream-${rows}`, rows, dimension };
  const { batches, builtMs, truth } = await chromium.call("addStream", { ...target, batchRows });
  const peak = await memoryOfPage(chromium);

  const openMs: number[] = [];
  for (let opening = 1; opening < openings; opening++) {
    await chromium.reload();
    openMs.push((await chromium.call("openAndSearch", { ...target, truth, rounds: 1 })).openMs);
  }
  await chromium.reload();
  const idle = await memoryOfPage(chromium);
  const searched = await chromium.call("openAndSearch", { ...target, truth, rounds });
  openMs.push(searched.openMs);
  const open = await memoryOfPage(chromium);

  report.say(
    `${rows.toLocaleString("en-US")} vectors of ${dimension} numbers in one collection, cosine, default configuration, ids and ` +
      `vectors only, added ${batchRows.toLocaleString("en-US")} at a time; each batch is flushed before it is acknowledged, and ` +
      "from 50,000 vectors outside the graph on replies wait for the indexing. The making of the vectors is not counted.",
  );
  report.table(
    ["what", "figure"],
    [
      ["vectors a second, until all is in the graph", rows / (builtMs / 1_000)],
      ["one batch, p50 ms", median(batches)],
      ["one batch, p99 ms", quantile(batches, 0.99)],
      [`open to first query answered, p50 of ${openings} page loads, ms`, median(openMs)],
      ["the same, slowest, ms", Math.max(...openMs)],
      ["query, k 10, p50 ms", median(searched.milliseconds)],
      ["query, k 10, p99 ms", quantile(searched.milliseconds, 0.99)],
      ["recall@10", searched.recall.toFixed(4)],
      ["collection in memory, MiB", mebibytes(searched.memoryUsed)],
      ["the same, bytes a vector", Math.round(searched.memoryUsed / rows)],
      ["page's process with it open, MiB", mebibytes(open.resident)],
      ["page's process without, MiB", mebibytes(idle.resident)],
      ["page's process at most while it was filled, MiB", mebibytes(peak.residentMax)],
      ["on disk, MiB", mebibytes(searched.bytesUsed)],
      ["vectors alone, MiB", mebibytes(rows * dimension * 4)],
    ],
  );
  return report;
}

interface ProcessMemory {
  /** Bytes; NaN where the system does not tell. */
  readonly resident: number;
  readonly residentMax: number;
}

/** Of the process that the page and its worker run in: the largest of the browser's that show pages. */
async function memoryOfPage({ page }: ChromiumPage): Promise<ProcessMemory> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => memoryOf(id));
  return renderers.reduce((most, each) => (each.resident > most.resident ? each : most));
}

function memoryOf(process: number): ProcessMemory {
  if (globalThis.process.platform !== "linux") return { resident: Number.NaN, residentMax: Number.NaN };
  const status = readFileSync(`/proc/${process}/status`, "utf8");
  const bytes = (field: string) =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) * 1024;
  return { resident: bytes("VmRSS"), residentMax: bytes("VmHWM") };
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}

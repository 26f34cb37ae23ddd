// `npm run bench -- written [writes]`: bytes written per byte added, counted at the storage interface
// with roots, manifests, checkpoints, packing and index images in. In Node, over memory: no clock is read.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { loadRecords } from "../../worker/load-records.ts";
import { Report } from "../report.ts";
import { dimension, measure, workloads } from "./workload.ts";

/** @param parameters  how many records each workload writes; 50,000 when left out */
export async function run([writes = "50000"]: readonly string[], folder: string): Promise<Report> {
  const report = new Report("Bytes written per byte added", `npm run bench -- written ${writes}`, []);
  report.say(
    `${Number(writes).toLocaleString("en-US")} writes of records of ${dimension} numbers each; all but *vectors*: 5 metadata keys and a ` +
      "document of 400 characters, too. A byte added is one of vector, id, document or metadata (as JSON), also where an " +
      "update replaces one. Updates and deletes begin after a fifth of the writes and meet any record. The worst point " +
      "is the highest ratio after the first 4 MiB added.",
  );
  const library = pathToFileURL(join(folder, "../dist/")).href;
  const rows = [];
  for (const workload of workloads) {
    const { added, atEnd, worst, flushes } = await measure(workload, Number(writes), () =>
      loadRecords(library),
    );
    rows.push([workload.name, added / 2 ** 20, atEnd, worst, flushes]);
  }
  report.table(
    ["workload", "MiB added", "written / added, at the end", "at the worst point", "flushes"],
    rows,
  );
  return report;
}

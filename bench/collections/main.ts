// `npm run bench -- collections [collections]`: what many small collections take in memory, each loaded and just
// written to. In Node, over files; each size in a process of its own, since memory that was taken once stays taken.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Report } from "../report.ts";
import { dimension, measure, type Memory } from "./memory.ts";

const self = fileURLToPath(import.meta.url);
const recordCounts = [1, 100, 1000];

/** Of all collections together. */
const recordsMax = 200_000;

/** @param parameters  how many collections there are; 1,000 when left out */
export function run([collections = "1000"]: readonly string[], folder: string): Report {
  const report = new Report("Memory of small collections", `npm run bench -- collections ${collections}`, []);
  report.say(
    `${Number(collections).toLocaleString("en-US")} collections, and no more than ${recordsMax.toLocaleString("en-US")} records in all, of so many records of ${dimension} numbers with 5 metadata keys and a document of ` +
      "400 characters, all loaded. Told is what `storage.info()` says of them together; full vectors are the part of it " +
      "that is given up first. Resident is what the process grew by.",
  );
  const rows = recordCounts.map((records) => {
    const { told, vectors, resident } = inProcess(
      folder,
      Math.min(Number(collections), recordsMax / records),
      records,
    );
    return [records, told / 1000, vectors / 1000, resident / 1000];
  });
  report.table(
    ["records in each", "told, kB a collection", "of it full vectors, kB", "resident, kB a collection"],
    rows,
  );
  return report;
}

function inProcess(folder: string, collections: number, records: number): Memory {
  const library = pathToFileURL(join(folder, "../dist/")).href;
  const given = [library, String(collections), String(records)];
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--expose-gc", self, ...given], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`measuring ${records} records failed:\n${stderr}`);
  return JSON.parse(stdout) as Memory;
}

if (process.argv[1] === self) {
  const [, , library = "", collections, records] = process.argv;
  console.log(JSON.stringify(await measure(library, Number(collections), Number(records))));
}

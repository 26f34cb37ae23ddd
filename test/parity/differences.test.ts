// Each row of docs/COMPATIBILITY.md's differences still shows, as its own difference and no other.

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ChromaServer,
  chromaServerObstacle,
  startChromaServer,
} from "../chroma-server/chroma-server.ts";
import { type ServedFolder, startChromaliteRun } from "../semantics/chromalite-run.ts";
import type { Difference } from "./difference.ts";
import { differences, unshown } from "./differences/table.ts";
import { runProgram } from "./run-program.ts";
import { chromaServer, inProcess, chromaliteRun } from "./target.ts";

const obstacle = await chromaServerObstacle();

const place = obstacle === undefined ? "on Chroma's server" : `rows on Chroma's server: ${obstacle}`;

describe.skipIf(obstacle !== undefined)(place, () => {
  let shared: ChromaServer;
  let served: ServedFolder;
  beforeAll(async () => {
    shared = await startChromaServer();
    served = await startChromaliteRun();
  }, 60_000);
  afterAll(async () => {
    await served?.stop();
    await shared?.stop();
  });

  test.each(differences.map((difference) => [difference.id, difference] as const))(
    "%s shows, and nothing else",
    { timeout: 60_000 },
    async (id, { example, isInProcessOnly = false }: Difference) => {
      const own = example.endsServer ? await startChromaServer() : undefined;
      const ours = [inProcess, chromaliteRun(served.port)];
      try {
        const found = await runProgram(example.steps, {
          server: chromaServer((own ?? shared).port),
          ours,
          differences,
        });
        expect(found.filter(({ row }) => row === undefined)).toEqual([]);
        for (const { name, isInProcess } of ours) {
          const rows = found.filter(({ target }) => target === name).map(({ row }) => row);
          if (isInProcess || !isInProcessOnly) expect(rows, name).toContain(id);
          else expect(rows, name).not.toContain(id);
        }
      } finally {
        await own?.stop();
      }
    },
  );
});

test("every row of the table is in the document, and each about records and collections in the table", () => {
  const markdown = readFileSync(new URL("../../docs/COMPATIBILITY.md", import.meta.url), "utf8");
  const [, reading = "", writing = "", collections = "", clients = ""] = markdown
    .slice(markdown.indexOf("## Differences"))
    .split(/^### /m);
  const tabled = [...differences.map(({ id }) => id), ...Object.keys(unshown)];
  expect(tabled).toEqual([...new Set(tabled)]);
  const ofData = rowIds(reading + writing + collections);
  expect(ofData.length).toBeGreaterThan(30);
  expect(ofData.filter((id) => !tabled.includes(id))).toEqual([]);
  const documented = [...ofData, ...rowIds(clients)];
  expect(tabled.filter((id) => !documented.includes(id))).toEqual([]);
});

function rowIds(section: string): string[] {
  return Array.from(section.matchAll(/^\| `([a-z0-9-]+)` /gm), ([, id = ""]) => id);
}

// A process of Node's killed while it writes to files: what it was told is stored is there for the next.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { killOptions, killTimeoutMs, printFigures } from "./figures.ts";
import { runKills, settingsOf, type Launch } from "./kill-run.ts";
import { NodeSubject } from "./node-subject.ts";
import { makeSite, type Site } from "./site.ts";

let site: Site;
beforeAll(async () => {
  site = await makeSite();
});
afterAll(() => site.remove());

async function withPath(run: (launch: Launch) => Promise<void>): Promise<void> {
  const path = await mkdtemp(join(tmpdir(), "chromalite-killed-"));
  try {
    await run(async (start) => new NodeSubject(site, path, settingsOf(start)));
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

test(
  "no kill of the process loses an acknowledged operation or shows half of one",
  () =>
    withPath(async (launch) => {
      const figures = await runKills(launch, killOptions);
      printFigures("Node, files", figures);
      expect(figures.acknowledged).toBeGreaterThan(killOptions.kills);
      expect(figures.reopenMs.length).toBeGreaterThan(1);
    }),
  killTimeoutMs,
);

test("the comparison finds it when operations are acknowledged too early", () =>
  withPath(async (launch) => {
    const launchHasty: Launch = async (start) => {
      const subject = await launch(start);
      const write = subject.write.bind(subject);
      subject.write = (steps, acknowledged) => {
        for (let ahead = 0; ahead < 3; ahead++) acknowledged(steps.from + ahead);
        return write(steps, (step) => acknowledged(step + 3));
      };
      return subject;
    };
    await expect(runKills(launchHasty, { kills: 3, seed: 1 })).rejects.toThrow(
      /acknowledged writes are lost/,
    );
  }));

// How often the kill tests kill, and the line that says what came of it.

import type { KillFigures, KillOptions } from "./kill-run.ts";

/** `KILLS=100` looks further; `SEED=n` draws other moments and other writes. */
export const killOptions: KillOptions = {
  kills: Number(process.env["KILLS"] ?? (process.env["CHROMALITE_FULL"] ? 100 : 5)),
  seed: Number(process.env["SEED"] ?? 1),
};

/** Room for launching, writing, resting and comparing. */
export const killTimeoutMs = 60_000 + killOptions.kills * 10_000;

/** Figures of a run that ended well: one that does not throws. */
export function printFigures(name: string, figures: KillFigures): void {
  const { kills, acknowledged, keptInFlight, recordsMax, reopenMs } = figures;
  const sorted = [...reopenMs].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  console.info(
    `${name}: ${kills} kills, ${acknowledged} acknowledged operations, 0 lost, 0 torn, ` +
      `${keptInFlight} kept that were under way; up to ${recordsMax} records, ` +
      `reopened in ${median.toFixed(0)} ms (median), ${(sorted.at(-1) ?? NaN).toFixed(0)} ms (slowest)`,
  );
}

// Numbers as people read them.

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const decimal = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export function formatCount(count: number): string {
  return whole.format(count);
}

/** "1 note", "1,200 notes". */
export function formatNumberOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Under 100 ms with one decimal, from 10 s on in seconds. */
export function formatMs(ms: number): string {
  if (ms >= 10_000) return `${decimal.format(ms / 1000)} s`;
  return `${ms < 100 ? decimal.format(ms) : whole.format(ms)} ms`;
}

/** In units of a thousand, as disks are sold. */
export function formatBytes(bytes: number): string {
  if (bytes < 1e6) return `${whole.format(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${decimal.format(bytes / 1e6)} MB` : `${decimal.format(bytes / 1e9)} GB`;
}

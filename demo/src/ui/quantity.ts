// Numbers and dates as people read them. Formats are made at first use: the browser's tables of them take
// tens of milliseconds to come in, which the first paint must not wait for.

const formatByDecimals = new Map<number, Intl.NumberFormat>();
let dateFormat: Intl.DateTimeFormat | undefined;

export function formatCount(count: number): string {
  return format(count, 0);
}

/** Day and minute, in the visitor's own way. */
export function formatDate(date: Date): string {
  dateFormat ??= new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  return dateFormat.format(date);
}

/** "1 note", "1,200 notes". */
export function formatNumberOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Under 100 ms with one decimal, from 10 s on in seconds. */
export function formatMs(ms: number): string {
  if (ms >= 10_000) return `${format(ms / 1000, 1)} s`;
  return `${format(ms, ms < 100 ? 1 : 0)} ms`;
}

/** In units of a thousand, as disks are sold. */
export function formatBytes(bytes: number): string {
  if (bytes < 1e6) return `${format(bytes / 1e3, 0)} kB`;
  return bytes < 1e9 ? `${format(bytes / 1e6, 1)} MB` : `${format(bytes / 1e9, 1)} GB`;
}

function format(value: number, decimals: number): string {
  let numbers = formatByDecimals.get(decimals);
  if (!numbers) {
    const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    numbers = new Intl.NumberFormat("en", digits);
    formatByDecimals.set(decimals, numbers);
  }
  return numbers.format(value);
}

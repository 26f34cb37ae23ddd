// Chroma's server prints each f32 as the shortest decimal that reads back as the same f32, so a
// caller who stored 0.1 gets 0.1, not 0.10000000149011612. In process there is no text: this is its effect.

/** 10^k is a double without error up to k = 22. */
const powersOfTen = Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));

/** An f32 has at most nine significant decimal digits; six always fit between two neighbours. */
const f32DigitsMax = 9;
const f32DigitsSure = 6;

/**
 * The double nearest to the shortest decimal that rounds to `value` as f32; where several are as
 * short, the one nearest to `value`. `value` must be an f32 (`Math.fround(value) === value`).
 *
 * Cost: about 0.1 µs between 1e-5 and 2^24, some µs outside, where it goes through text.
 */
export function f32ToDecimal(value: number): number {
  const magnitude = Math.abs(value);
  if (!(magnitude >= 1e-5 && magnitude < 2 ** 24)) return f32ToDecimalByText(value);
  if (Number.isInteger(value)) return value;
  const decimal = shortestDecimal(magnitude);
  if (decimal === undefined) return f32ToDecimalByText(value);
  return value < 0 ? -decimal : decimal;
}

function shortestDecimal(magnitude: number): number | undefined {
  // Places behind the point that one significant digit reaches.
  const firstPlaces = -Math.floor(Math.log10(magnitude));
  // Six digits that fail mean that fewer fail too: real vectors start there and save five tries.
  const surePlaces = Math.max(0, firstPlaces + f32DigitsSure - 1);
  const isShort = Math.fround(roundTo(magnitude, surePlaces)) === magnitude;
  for (
    let places = isShort ? Math.max(0, firstPlaces) : surePlaces + 1;
    places < firstPlaces + f32DigitsMax;
    places += 1
  ) {
    const candidate = roundTo(magnitude, places);
    if (Math.fround(candidate) === magnitude) return candidate;
  }
  return undefined;
}

/** Exact but for one rounding: the power of ten is exact, and division rounds to the nearest double. */
function roundTo(value: number, places: number): number {
  const power = powersOfTen[places] as number;
  return Math.round(value * power) / power;
}

/** The same, slow and obvious: for numbers of any size, and as the reference in tests. */
export function f32ToDecimalByText(value: number): number {
  if (!Number.isFinite(value) || value === 0) return value;
  for (let digits = 1; digits < f32DigitsMax; digits += 1) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return Number(value.toPrecision(f32DigitsMax));
}

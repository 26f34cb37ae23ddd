// Chroma's server prints each f32 as the shortest decimal that reads back as the same f32, so a
// caller who stored 0.1 gets 0.1, not 0.10000000149011612. In process there is no text: this is its effect.

/** 10^k is a double without error up to k = 22; an f32 times 10^k, up to k = 12. */
const powersOfTen = Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));

/** An f32 has at most nine significant decimal digits; six always fit between two neighbours. */
const f32DigitsMax = 9;
const f32DigitsSure = 6;

/** By the biased exponent of an f32: half the distance to its neighbours, and places of one digit. */
const halfUlps = Float64Array.from({ length: 256 }, (_, exponent) => 2 ** (exponent - 151));
const firstPlaces = Int32Array.from({ length: 256 }, (_, exponent) =>
  Math.max(0, -Math.floor(Math.log10(2 ** (exponent - 127)))),
);

const oneFloat = new Float32Array(1);
const itsBits = new Uint32Array(oneFloat.buffer);

/**
 * The double nearest to the shortest decimal that rounds to `value` as f32; where several are as
 * short, the one nearest to `value`. `value` must be an f32 (`Math.fround(value) === value`).
 *
 * Cost: some 0.04 µs between 1e-5 and 2^24, some µs outside, where it goes through text.
 */
export function f32ToDecimal(value: number): number {
  const magnitude = Math.abs(value);
  if (!(magnitude >= 1e-5 && magnitude < 2 ** 24)) return f32ToDecimalByText(value);
  if (Number.isInteger(value)) return value;
  oneFloat[0] = magnitude;
  const exponent = (itsBits[0] as number) >>> 23;
  const halfUlp = halfUlps[exponent] as number;
  const first = firstPlaces[exponent] as number;
  // Six digits that fail mean that fewer fail too: real vectors start there and save five tries.
  const sure = first + f32DigitsSure - 1;
  const isShort = isNear(magnitude, halfUlp, sure);
  for (let places = isShort ? first : sure + 1; places < first + f32DigitsMax; places += 1) {
    if (!isNear(magnitude, halfUlp, places)) continue;
    const decimal = Math.round(magnitude * (powersOfTen[places] as number)) / (powersOfTen[places] as number);
    // Below a power of two the neighbour is nearer, and halfway the even one wins: this settles both.
    if (Math.fround(decimal) === magnitude) return value < 0 ? -decimal : decimal;
  }
  return f32ToDecimalByText(value);
}

/** Whether the decimal with so many places that is nearest to `magnitude` is nearer than the next f32. */
function isNear(magnitude: number, halfUlp: number, places: number): boolean {
  const power = powersOfTen[places] as number;
  const scaled = magnitude * power;
  return Math.abs(Math.round(scaled) - scaled) <= halfUlp * power;
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

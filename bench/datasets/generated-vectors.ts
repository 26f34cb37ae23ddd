// Vectors that behave like those of a sentence model, made from a seed: the same bytes on every machine
// that runs V8. Isotropic noise would be no substitute: in it every vector is nearly as far as any other.
//
// A vector is a point of a latent space of 200 dimensions, turned into 384 by one random linear map:
//   latent  = centre of one of 50 clusters + own deviation; axis i has the standard deviation (i + 1)^-0.5
//             for both, the deviation 0.8 times that: few directions say most, as in real embeddings
//   vector  = map x latent + noise of 0.02 times the latent part's length, then scaled to length 1
// Cluster sizes are unequal (cluster c is drawn with weight 1 / (c + 5)).

const latentDimension = 200;
const clusters = 50;
const axisDecay = 0.5;
const deviation = 0.8;
const noise = 0.02;

export interface GeneratedVectors {
  /** The next vector into `row`, of the dimension asked for; returns its cluster, 0 to 49. */
  next(row: Float32Array): number;
}

/** A stream of vectors. Two of one seed give the same vectors in the same order. */
export function generateVectors(seed: number, dimension = 384): GeneratedVectors {
  const random = mulberry32(seed);
  const gaussian = gaussians(random);
  const axis = Float64Array.from({ length: latentDimension }, (_, i) => (i + 1) ** -axisDecay);
  const latentLength = Math.sqrt(axis.reduce((sum, each) => sum + each * each, 0));
  const map = Float64Array.from(
    { length: latentDimension * dimension },
    () => gaussian() / Math.sqrt(dimension),
  );
  const centres = Float64Array.from(
    { length: clusters * latentDimension },
    (_, i) => gaussian() * axis[i % latentDimension]!,
  );
  const weights = Array.from({ length: clusters }, (_, c) => 1 / (c + 5));
  const weightSum = weights.reduce((sum, each) => sum + each, 0);

  function drawCluster(): number {
    let left = random() * weightSum;
    for (let c = 0; c < clusters - 1; c++) {
      left -= weights[c]!;
      if (left < 0) return c;
    }
    return clusters - 1;
  }

  const sum = new Float64Array(dimension);
  const noiseScale = (noise * latentLength) / Math.sqrt(dimension);
  return {
    next(row) {
      const cluster = drawCluster();
      for (let i = 0; i < dimension; i++) sum[i] = gaussian() * noiseScale;
      for (let j = 0; j < latentDimension; j++) {
        const value = centres[cluster * latentDimension + j]! + deviation * axis[j]! * gaussian();
        const base = j * dimension;
        for (let i = 0; i < dimension; i++) sum[i]! += value * map[base + i]!;
      }
      let squares = 0;
      for (let i = 0; i < dimension; i++) squares += sum[i]! * sum[i]!;
      const scale = 1 / Math.sqrt(squares);
      for (let i = 0; i < dimension; i++) row[i] = sum[i]! * scale;
      return cluster;
    },
  };
}

/** Uniform in [0, 1). Tommy Ettinger's mulberry32, public domain: 32 bits of state are enough here. */
export function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal numbers, by Box and Muller's transform. */
function gaussians(random: () => number): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

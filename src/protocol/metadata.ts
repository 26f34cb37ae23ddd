// Values of metadata as they cross the seam and as they are stored.

/**
 * A float whose value is integral. JSON from JavaScript cannot tell 1.0 from 1, other callers of the
 * HTTP API can: where the difference matters a float of integral value is written like this.
 */
export interface IntegralFloat {
  readonly "#float": number;
}

/** Whether a value is a float so written; an object with anything beside is none. */
export function isIntegralFloat(value: unknown): value is IntegralFloat {
  if (typeof value !== "object" || value === null) return false;
  const float = (value as Partial<IntegralFloat>)["#float"];
  return Number.isFinite(float) && Object.keys(value).length === 1;
}

/**
 * One value. A number that is an integer below 2^63 is an int, any other number a float; a bigint is
 * an int that a number cannot hold exactly.
 */
export type MetadataScalar = string | number | bigint | boolean | IntegralFloat;

/** Arrays hold one type: strings, ints, floats or booleans. */
export type MetadataValue = MetadataScalar | readonly MetadataScalar[];

export type Metadata = Readonly<Record<string, MetadataValue>>;

/** Metadata of an update or upsert: null deletes its key. */
export type MetadataPatch = Readonly<Record<string, MetadataValue | null>>;

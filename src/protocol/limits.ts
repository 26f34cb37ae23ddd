// Limits that both sides of the seam must agree on.

/** Levels of $and and $or in a filter, one inside the other; Chroma's JSON reader gives up at half of them. */
export const FILTER_NESTING_MAX = 128;

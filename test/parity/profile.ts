// What a program's collection is like, and steps that are drawn for any collection.

import type { Given, Step } from "./step.ts";

/** What a program's collection is like. */
export interface Profile {
  readonly name: string;
  readonly space: "l2" | "cosine" | "ip" | undefined;
  readonly dimension: number;
  readonly embeds: boolean;
}

/** Counting letters gives four dimensions. */
const EMBEDDED_DIMENSION = 4;

export const dimensionOf = ({ dimension, embeds }: Profile): number =>
  embeds ? EMBEDDED_DIMENSION : dimension;

/** A step as it is drawn: of any collection, for which its vectors are cut. */
export type StepOf = (profile: Profile) => Step;

/** Leaves out what is undefined. */
export function given(fields: Readonly<Record<string, unknown>>): Given {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

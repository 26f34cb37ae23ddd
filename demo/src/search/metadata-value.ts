// Values of a record's metadata, as the type this page stored them in.

import type { Metadata } from "chromalite";

/** Empty where there is none. */
export function textOf(metadata: Metadata, key: string): string {
  const value = metadata[key];
  return typeof value === "string" ? value : "";
}

/** 0 where there is none. */
export function numberOf(metadata: Metadata, key: string): number {
  const value = metadata[key];
  return typeof value === "number" ? value : 0;
}

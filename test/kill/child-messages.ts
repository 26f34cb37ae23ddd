// What test and child process say to each other.

import type { Probe } from "./program.ts";
import type { Steps } from "./subject.ts";

export type ChildCall =
  | { readonly method: "open" | "readBack" | "memory" | "close" }
  | { readonly method: "nearest"; readonly probes: readonly Probe[] }
  | { readonly method: "write"; readonly steps: Steps };

export type ChildMessage =
  | { readonly acknowledged: number }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };

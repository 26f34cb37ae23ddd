// Chroma's settings, in camelCase, as far as an engine in the page heeds them.

import { ChromaValueError } from "chromadb";
import { environmentVariable } from "../transport/node.ts";

/** Chroma's names. A setting left out is read from its environment variable, where there is one. */
export interface Settings {
  /** Whether `reset()` is allowed. Default false; environment `ALLOW_RESET`. */
  allowReset?: boolean;
  /** Accepted for Chroma's sake: nothing is ever sent. */
  anonymizedTelemetry?: boolean;
}

/** Settings with every default filled in. */
export interface ResolvedSettings {
  readonly allowReset: boolean;
}

const names: readonly string[] = ["allowReset", "anonymizedTelemetry"] satisfies (keyof Settings)[];

/** @throws {ChromaValueError}  a name that is no setting */
export function resolveSettings(settings: Settings = {}): ResolvedSettings {
  const unknown = Object.keys(settings).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new ChromaValueError(`Unknown setting ${unknown}, expected one of ${names.join(", ")}`);
  }
  return { allowReset: settings.allowReset ?? isTrue(environmentVariable("ALLOW_RESET")) };
}

/** As Python's settings read a boolean from the environment. */
function isTrue(text: string | undefined): boolean {
  return ["1", "true", "t", "yes", "y", "on"].includes(text?.trim().toLowerCase() ?? "");
}

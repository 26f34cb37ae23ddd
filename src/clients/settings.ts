// A caller's settings, the environment's and Chroma's defaults as one.

import { ChromaValueError } from "chromadb";
import type { EngineOptions } from "../protocol/engine-port.ts";
import { readEnvironment, type Environment } from "./environment.ts";
import { nearestName } from "./nearest-name.ts";
import { acceptedSettings, heededSettings } from "./settings-table.ts";
import type { HeededName, ResolvedSettings, Settings } from "./settings-table.ts";
import { mustRead, type Kind } from "./value-kinds.ts";

export type { ResolvedSettings, Settings } from "./settings-table.ts";

const table: Readonly<Record<string, { kind: Kind<unknown>; byDefault: unknown }>> = {
  ...heededSettings,
  ...acceptedSettings,
};

/**
 * What is set in code, else in the environment, else by default. Variables of settings without effect
 * are not looked at: their names are common ones, such as `ENVIRONMENT`.
 *
 * @throws {ChromaValueError}  a name that is no setting, or a value of another kind
 */
export function resolveSettings(
  settings: Settings = {},
  environment: Environment = readEnvironment(),
): ResolvedSettings {
  const given = readSettings(settings);
  const resolve = (name: HeededName): unknown =>
    given[name] ?? settingOf(environment, name) ?? heededSettings[name].byDefault;
  const names = Object.keys(heededSettings) as HeededName[];
  return Object.fromEntries(names.map((name) => [name, resolve(name)])) as unknown as ResolvedSettings;
}

/**
 * Settings of a caller, each read as its kind; null, Python's None, is as good as not given.
 * @throws {ChromaValueError}  as `resolveSettings`
 */
export function readSettings(settings: Settings): Settings {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(
    given.map(([name, value]) => {
      const known = Object.hasOwn(table, name) ? table[name] : undefined;
      if (!known) throw unknownSetting(name);
      return [name, mustRead(known.kind, `the setting ${name}`, value)];
    }),
  );
}

/** A setting as its variable says it; undefined where the variable is not set. */
export function settingOf<Name extends HeededName>(environment: Environment, name: Name): Settings[Name] {
  const variable = variableOf(name);
  const said = environment(variable);
  const kind = heededSettings[name].kind as Kind<Settings[Name]>;
  return said === undefined ? undefined : mustRead(kind, `the environment variable ${variable}`, said);
}

/** The environment variable of a setting. */
export function variableOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, "_$&").toUpperCase();
}

/** What an engine is told of the settings. */
export function engineSettings(
  settings: ResolvedSettings,
): Pick<EngineOptions, "allowReset" | "memoryLimitBytes"> {
  const { allowReset, chromaMemoryLimitBytes, memoryLimitBytes = chromaMemoryLimitBytes } = settings;
  return { allowReset, ...(memoryLimitBytes > 0 && { memoryLimitBytes }) };
}

/**
 * What two clients of one path have to agree on, as text: all settings, as in Python, but for those
 * that say where the path is.
 */
export function settingsKey(settings: Settings = {}, resolved: ResolvedSettings): string {
  const all = { ...defaults(), ...readSettings(settings), ...resolved };
  const names = Object.keys(table).filter((name) => name !== "isPersistent" && name !== "persistDirectory");
  return JSON.stringify(names.map((name) => all[name as keyof typeof all] ?? null));
}

function defaults(): Record<string, unknown> {
  return Object.fromEntries(Object.entries(table).map(([name, { byDefault }]) => [name, byDefault]));
}

function unknownSetting(name: string): ChromaValueError {
  const nearest = nearestName(name, Object.keys(table));
  return new ChromaValueError(`Unknown setting ${name}${nearest ? `. Did you mean ${nearest}?` : ""}`);
}

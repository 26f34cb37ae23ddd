// The two ways in which a client is constructed: with one object of options, as in JavaScript, or
// with Python's positional arguments.

import { integer, mustRead, text, type Kind } from "./value-kinds.ts";

/**
 * The options that were given, in one form or the other.
 *
 * @param names      Python's positional parameters, in order
 * @param isOptions  whether an object in the first place is options; else it is the first parameter
 */
export function optionsOf<Options extends object>(
  given: readonly unknown[],
  names: readonly (keyof Options & string)[],
  isOptions: (first: object) => boolean = () => true,
): Options {
  const [first, ...others] = given;
  const isAlone = others.every((other) => other === undefined);
  if (isAlone && typeof first === "object" && first !== null && isOptions(first)) return first as Options;
  const named = names.map((name, position) => [name, given[position]] as const);
  // None is Python's word for an argument left out.
  return Object.fromEntries(named.filter(([, value]) => value !== undefined && value !== null)) as Options;
}

/** Whether every key is one of `names`; an empty object is options too. */
export function hasOnly(names: readonly string[]): (object: object) => boolean {
  return (object) => Object.keys(object).every((name) => names.includes(name));
}

/** Tenant and database of a client; Chroma's defaults when left out. */
export interface Scope {
  tenant?: string | undefined;
  database?: string | undefined;
}

/** Tenant and database as the official client takes them; what was left out stays out. */
export function scopeOf({ tenant, database }: Scope): { tenant?: string; database?: string } {
  return {
    ...whenGiven("tenant", text, tenant),
    ...whenGiven("database", text, database),
  };
}

/** A port, from a number or a text. */
export function portOf(port: unknown): number | undefined {
  return whenGiven("port", integer, port).port;
}

/** The argument as its kind, under its name; nothing where it was left out, is null or is "". */
function whenGiven<Name extends string, Value>(
  name: Name,
  kind: Kind<Value>,
  given: unknown,
): { [Key in Name]?: Value } {
  if (given === undefined || given === null || given === "") return {};
  return { [name]: mustRead(kind, name, given) } as { [Key in Name]: Value };
}

// Two outcomes of one step → the places where they differ. Order of keys is no difference, distances
// may differ by rounding, and neighbours at one distance may come in any order.

import type { Columns, Neighbours, Outcome } from "./outcome.ts";

/** One place where the server and ours differ. */
export interface Finding {
  /** Where: `error.message`, `records.<id>.metadatas.<key>`, `queries.0.ids`. */
  readonly path: readonly (string | number)[];
  readonly server: unknown;
  readonly ours: unknown;
}

export interface Tolerance {
  /** How far two distances may be apart, as a part of the larger one. */
  readonly relative: number;
  /** How far they may be apart whatever their size: 1 - cos and 1 - dot lose digits near 0. */
  readonly absolute: number;
}

const RELATIVE = 1e-5;

export function toleranceOf(space: string | undefined): Tolerance {
  return { relative: RELATIVE, absolute: space === "l2" ? 1e-12 : 2e-6 };
}

/**
 * @param nResults  how many neighbours a query asked for: with as many found, the last distance may be
 *   that of more records than came
 */
export function compareOutcomes(
  server: Outcome,
  ours: Outcome,
  { tolerance = toleranceOf(undefined), nResults = Number.POSITIVE_INFINITY } = {},
): Finding[] {
  const findings: Finding[] = [];
  if (server.kind === "records" && ours.kind === "records") {
    diff(["ids"], server.ids, ours.ids, findings);
    diff(["include"], server.include, ours.include, findings);
    // One finding for a list of ids, which is read as a whole.
    if (findings.some(({ path }) => path[0] === "ids")) {
      const rest = findings.filter(({ path }) => path[0] !== "ids");
      findings.splice(0, findings.length, { path: ["ids"], server: server.ids, ours: ours.ids }, ...rest);
    }
    diffColumns(["records"], server.columns, ours.columns, findings);
  } else if (server.kind === "neighbours" && ours.kind === "neighbours") {
    diff(["include"], server.include, ours.include, findings);
    diff(["queries", "length"], server.queries.length, ours.queries.length, findings);
    for (const [query, found] of server.queries.entries()) {
      const other = ours.queries[query];
      if (other) diffNeighbours(["queries", query], found, other, { tolerance, nResults }, findings);
    }
  } else if (server.kind === ours.kind) {
    diff([], valueOf(server), valueOf(ours), findings);
  } else {
    findings.push({ path: [], server: told(server), ours: told(ours) });
  }
  return findings;
}

/** Whether two distances are one, up to rounding; null is a distance that overflowed. */
export function isNear(a: number | null, b: number | null, { relative, absolute }: Tolerance): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a - b) <= absolute + relative * Math.max(Math.abs(a), Math.abs(b));
}

function valueOf(outcome: Outcome): unknown {
  return outcome.kind === "error"
    ? { error: outcome.error }
    : { value: (outcome as { value?: unknown }).value };
}

/** An outcome in a finding: short where it is long. */
function told(outcome: Outcome): unknown {
  switch (outcome.kind) {
    case "records":
      return { ids: outcome.ids };
    case "neighbours":
      return { ids: outcome.queries.map(({ ids }) => ids) };
    default:
      return valueOf(outcome);
  }
}

function diffColumns(path: Finding["path"], server: Columns, ours: Columns, findings: Finding[]): void {
  if (server.byId.size === ours.byId.size) {
    diff([...path, "lengths"], server.lengths, ours.lengths, findings);
  }
  for (const [id, record] of server.byId) {
    const other = ours.byId.get(id);
    if (other) diff([...path, id], record, other, findings);
  }
}

function diffNeighbours(
  path: Finding["path"],
  server: Neighbours,
  ours: Neighbours,
  { tolerance, nResults }: { tolerance: Tolerance; nResults: number },
  findings: Finding[],
): void {
  diffColumns([...path, "records"], server.columns, ours.columns, findings);
  const [serverDistances, ourDistances] = [distanceById(server), distanceById(ours)];
  for (const [id, distance] of serverDistances) {
    const other = ourDistances.get(id);
    if (other !== undefined && !isNear(distance, other, tolerance)) {
      findings.push({ path: [...path, "distances", id], server: distance, ours: other });
    }
  }
  for (const [name, { distances }] of Object.entries({ server, ours })) {
    if (!isAscending(distances, tolerance)) {
      findings.push({ path: [...path, "order", name], server: server.distances, ours: ours.distances });
    }
  }
  const onlyServer = server.ids.filter((id) => !ourDistances.has(id));
  const onlyOurs = ours.ids.filter((id) => !serverDistances.has(id));
  if (onlyServer.length + onlyOurs.length === 0) return;
  const last = server.distances.at(-1) ?? null;
  const isTie =
    server.ids.length === nResults &&
    ours.ids.length === nResults &&
    [
      ...onlyServer.map((id) => serverDistances.get(id) ?? null),
      ...onlyOurs.map((id) => ourDistances.get(id) ?? null),
    ].every((distance) => isNear(distance, last, tolerance));
  findings.push({ path: [...path, isTie ? "tie" : "ids"], server: server.ids, ours: ours.ids });
}

function distanceById({ ids, distances }: Neighbours): Map<string, number | null> {
  return new Map(ids.map((id, rank) => [id, distances[rank] ?? null]));
}

/** Distances that overflowed come last, or, where their sign is negative, first. */
function isAscending(distances: readonly (number | null)[], tolerance: Tolerance): boolean {
  return distances.every((distance, rank) => {
    const before = distances[rank - 1];
    if (rank === 0 || distance === null || before === null || before === undefined) return true;
    return distance >= before || isNear(distance, before, tolerance);
  });
}

/** Every leaf where two plain values differ. Keys may come in any order; 0 and -0 are one. */
export function diff(path: Finding["path"], server: unknown, ours: unknown, findings: Finding[]): void {
  if (server === ours || (Number.isNaN(server) && Number.isNaN(ours))) return;
  if (Array.isArray(server) && Array.isArray(ours) && server.length === ours.length) {
    for (const [index, item] of server.entries()) diff([...path, index], item, ours[index], findings);
  } else if (isPlain(server) && isPlain(ours)) {
    for (const key of new Set([...Object.keys(server), ...Object.keys(ours)])) {
      diff([...path, key], ownValue(server, key), ownValue(ours, key), findings);
    }
  } else {
    findings.push({ path, server, ours });
  }
}

/** A key may be `__proto__`. */
function ownValue(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

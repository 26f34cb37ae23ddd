// A difference that is meant: a row of docs/COMPATIBILITY.md as something that recognises it.

import type { Finding } from "./compare.ts";
import type { Outcome } from "./outcome.ts";
import { givenOf, type Step } from "./step.ts";

/** What a row is about: one call, or what several calls have. */
export type Operation =
  | Step["call"]
  /** get, query and delete with a filter on metadata. */
  | "where"
  /** get, query and delete with a filter on documents. */
  | "whereDocument"
  /** get, query and peek: what gives records. */
  | "read"
  /** add, update and upsert. */
  | "write"
  /** What gives collections. */
  | "collection"
  | "any";

/** A record as both sides are asked for it when ids differ. */
export interface SeenRecord {
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly document: string | null;
}

/** A finding, and what it was found in. */
export interface Seen {
  readonly finding: Finding;
  readonly step: Step;
  /** The steps before it. */
  readonly history: readonly Step[];
  readonly server: Outcome;
  readonly ours: Outcome;
  /** Space of the step's collection. */
  readonly space: string | undefined;
  /** The records of the step's collection after the step, by id. */
  records(): Promise<ReadonlyMap<string, SeenRecord>>;
}

/** Steps in which a difference shows. */
export interface Example {
  readonly steps: readonly Step[];
  /** The steps may end the server, or leave it unwell: they get one of their own. */
  readonly endsServer?: boolean;
}

export interface Difference {
  /** The row's. */
  readonly id: string;
  readonly operation: Operation;
  /** It comes of there being no JSON and no address: over HTTP there is none. */
  readonly isInProcessOnly?: boolean;
  /** Whether this one finding is the difference, and nothing else. */
  isKnown(seen: Seen): boolean | Promise<boolean>;
  readonly example: Example;
}

/** Whether a step is a row's business. */
export function concerns(operation: Operation, step: Step): boolean {
  switch (operation) {
    case "any":
      return true;
    case "where":
      return givenOf(step)["where"] !== undefined;
    case "whereDocument":
      return textClausesOf(step).length > 0;
    case "read":
      return ["get", "peek", "query"].includes(step.call);
    case "write":
      return ["add", "update", "upsert"].includes(step.call);
    case "collection":
      return /[cC]ollection/.test(step.call) || step.call === "modify";
    default:
      return operation === step.call;
  }
}

/** Filters on documents wherever they stand. */
export function textClausesOf(step: Step): unknown[] {
  const { where, whereDocument } = givenOf(step);
  const inWhere = leavesOf(where).filter(({ key }) => key === "#document");
  return [...(whereDocument === undefined ? [] : [whereDocument]), ...inWhere.map(({ operand }) => operand)];
}

/** One comparison of a `where` clause. */
export interface Leaf {
  readonly key: string;
  /** `$eq` where the clause has a value alone. */
  readonly operator: string;
  readonly operand: unknown;
}

/** The comparisons of a `where` clause, however nested. */
export function leavesOf(clause: unknown): Leaf[] {
  if (Array.isArray(clause)) return clause.flatMap((item) => leavesOf(item));
  if (typeof clause !== "object" || clause === null) return [];
  return Object.entries(clause).flatMap(([key, operand]): Leaf[] => {
    if (key === "$and" || key === "$or") return leavesOf(operand);
    if (typeof operand !== "object" || operand === null) return [{ key, operator: "$eq", operand }];
    if (key === "#document") return [{ key, operator: "text", operand }];
    return Object.entries(operand).map(([operator, value]) => ({ key, operator, operand: value }));
  });
}

/** The text of an error outcome, else an empty one. */
export function messageOf(outcome: Outcome): string {
  return outcome.kind === "error" ? outcome.error.message : "";
}

/** Whether the server refused with this text what ours did. */
export function isRefusedByServerAlone({ finding, server, ours }: Seen, text: string | RegExp): boolean {
  return (
    finding.path.length === 0 &&
    ours.kind !== "error" &&
    (typeof text === "string" ? messageOf(server).includes(text) : text.test(messageOf(server)))
  );
}

// Chroma's OpenAPI document: its operations, and what each may answer.

import { readFileSync } from "node:fs";
import type { Method } from "../../src/protocol/operation.ts";
import type { Schema, Schemas } from "./schema.ts";

interface Response {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, Response>> }>>>
  >;
  readonly components: { readonly schemas: Schemas };
}

const file = new URL("../../tools/openapi/chroma-openapi.json", import.meta.url);
const { paths, components } = JSON.parse(readFileSync(file, "utf8")) as Document;

export interface ContractOperation {
  /** `get /api/v2/version` and the like. */
  readonly name: string;
  readonly method: Method;
  readonly route: string;
  /** Statuses that the document tells. */
  readonly statuses: readonly number[];
  /** Schema of the body at a status, undefined where the document has none. */
  schema(status: number): Schema | undefined;
}

export const { schemas } = components;

export const operations: readonly ContractOperation[] = Object.entries(paths).flatMap(([route, methods]) =>
  Object.entries(methods).map(([method, { responses }]) => ({
    name: `${method} ${route}`,
    method: method as Method,
    route,
    statuses: Object.keys(responses).map(Number),
    schema: (status) => Object.values(responses[String(status)]?.content ?? {})[0]?.schema,
  })),
);

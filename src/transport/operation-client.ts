// What takes the place of the official client's fetch: the same five methods, each one operation.
// Knows how a call is packed and how an error is told, not who answers it.

import type { Method, Operation, Transport } from "../protocol/operation.ts";
import { decodeError, toClientError } from "./error-codec.ts";
import { packBody } from "./pack.ts";
import { unpackData } from "./unpack.ts";

/** A request as the official client's generated code writes it; `url` is a template of the contract. */
export interface ApiRequest {
  readonly url: string;
  readonly path?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  /** A name for the operation where `answersTickets`: see followed-write.ts. */
  readonly ticket?: string;
}

export type ApiMethod = (request: ApiRequest) => Promise<{ data: unknown }>;

/** The part of the official client's transport that it uses. */
export interface ApiClient extends Readonly<Record<Method, ApiMethod>> {
  /** Whether it is ours, so that a write can be followed by its ticket. */
  readonly answersTickets?: boolean;
}

/** An API client whose calls are operations on `transport`. Errors are the official classes. */
export function operationClient(transport: Transport): ApiClient {
  const method =
    (name: Method): ApiMethod =>
    async (request) => ({ data: await callOperation(transport, name, request) });
  return {
    get: method("get"),
    post: method("post"),
    put: method("put"),
    patch: method("patch"),
    delete: method("delete"),
    answersTickets: true,
  };
}

/** One operation on `transport`: its data, or one of the official errors. */
export async function callOperation(
  transport: Transport,
  method: Method,
  request: ApiRequest,
): Promise<unknown> {
  try {
    return await dataOf(transport, toOperation(method, request));
  } catch (error) {
    throw toClientError(error);
  }
}

/** Alike, for an operation whose body is sent as it is. */
export async function callEngine(transport: Transport, operation: Operation): Promise<unknown> {
  try {
    return await dataOf(transport, operation);
  } catch (error) {
    throw toClientError(error);
  }
}

async function dataOf(transport: Transport, operation: Operation): Promise<unknown> {
  const reply = await transport.call(operation);
  if (!reply.ok) throw decodeError(reply.error);
  return unpackData(reply.data);
}

function toOperation(method: Method, { url, path, query, body, ticket }: ApiRequest): Operation {
  return {
    method,
    route: url,
    ...(ticket !== undefined && { ticket }),
    // A path's parts are text in a URL, whatever the caller gave.
    ...(path && {
      path: Object.fromEntries(Object.entries(path).map(([key, value]) => [key, String(value)])),
    }),
    ...(query && { query: { ...query } }),
    ...(body !== undefined && { body: packBody(body) }),
  };
}

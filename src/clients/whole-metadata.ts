// What the official client loses of records' metadata: nulls, which delete a key, and a key `__proto__`,
// which its copies assign to. Each call goes over an API client of its own that puts both back.

import type { ApiClient, ApiRequest } from "../transport/operation-client.ts";

/** Which nulls of the caller's reach the engine: those of a later write delete a key. */
export type Nulls = "kept" | "dropped";

/**
 * An API client for one write.
 * @param given  the metadata of the records, as the caller gave it
 */
export function sendWhole(apiClient: ApiClient, given: unknown, nulls: Nulls): ApiClient {
  const withMetadatas = (request: ApiRequest): ApiRequest => {
    const { metadatas } = request.body as { metadatas?: unknown };
    if (!Array.isArray(given) || !Array.isArray(metadatas)) return request;
    const whole = metadatas.map((sent: unknown, i) => withLost(sent, given[i], nulls));
    return { ...request, body: { ...(request.body as object), metadatas: whole } };
  };
  return { ...apiClient, post: (request) => apiClient.post(withMetadatas(request)) };
}

/** Makes one read over an API client that notes what came, and completes the result by that. */
export async function readWhole<Result extends { readonly metadatas: unknown[] }>(
  apiClient: ApiClient,
  read: (apiClient: ApiClient) => Promise<Result>,
): Promise<Result> {
  let came: unknown;
  const post: ApiClient["post"] = async (request) => {
    const reply = await apiClient.post(request);
    came = (reply.data as { metadatas?: unknown }).metadatas;
    return reply;
  };
  const result = await read({ ...apiClient, post });
  complete(result.metadatas, came);
  return result;
}

/** Of a query there is a list for each of its vectors. */
function complete(rows: unknown[], came: unknown): void {
  if (!Array.isArray(came)) return;
  came.forEach((row: unknown, i) => {
    if (Array.isArray(row)) complete(rows[i] as unknown[], row);
    else rows[i] = withLost(rows[i], row, "dropped");
  });
}

/** A copy with what was lost of `source`, or `copy` itself where nothing was. */
function withLost(copy: unknown, source: unknown, nulls: Nulls): unknown {
  if (!isObject(source)) return copy;
  const lost = Object.entries(source).filter(([key, value]) =>
    value === null ? nulls === "kept" : key === "__proto__" && value !== undefined,
  );
  // Entries are own properties whatever their names, and the copy's prototype is left behind.
  return lost.length === 0 ? copy : Object.fromEntries([...Object.entries(copy ?? {}), ...lost]);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

// Replies of the engine → what Chroma's server would send.

import type { Reply } from "../src/protocol/operation.ts";
import { errorToResponse } from "./errors.ts";
import { withFloats } from "./float-fields.ts";
import { writeJson } from "./json/write-json.ts";

/** Room for one record in a body: a vector of 1,536 numbers in base64, and 1.8 kB of text and metadata. */
const RECORD_BYTES = 10_000;

/** @param bodyBytesMax  bounds what the pre-flight promises of a batch */
export function replyToResponse(reply: Reply, bodyBytesMax: number): Response {
  if (!reply.ok) return errorToResponse(reply.error);
  const data = withBatchOf(bodyBytesMax, withFloats(reply.data));
  return new Response(writeJson(data), {
    status: reply.status,
    headers: { "content-type": "application/json" },
  });
}

/** A pre-flight that promises no batch beyond the body limit; any other data as it is. */
function withBatchOf(bodyBytesMax: number, data: unknown): unknown {
  const { max_batch_size } = (data ?? {}) as { max_batch_size?: unknown };
  if (typeof max_batch_size !== "number") return data;
  const batch = Math.max(1, Math.floor(bodyBytesMax / RECORD_BYTES));
  return { max_batch_size: Math.min(max_batch_size, batch), supports_base64_encoding: true };
}

// Replies of the engine → what Chroma's server would send.

import type { Reply } from "../src/protocol/operation.ts";
import { unpackData } from "../src/transport/unpack.ts";
import { errorToResponse } from "./errors.ts";

/** Room for one record in a body: a vector of 1,536 numbers in base64, and 1.8 kB of text and metadata. */
const recordBytes = 10_000;

/** @param bodyBytesMax  bounds what the pre-flight promises of a batch */
export function toResponse(reply: Reply, route: string, bodyBytesMax: number): Response {
  if (!reply.ok) return errorToResponse(reply.error);
  const data = route === "/api/v2/pre-flight-checks" ? preFlight(reply.data, bodyBytesMax) : reply.data;
  return Response.json(unpackData(data), { status: reply.status });
}

function preFlight(data: unknown, bodyBytesMax: number): unknown {
  const { max_batch_size } = data as { max_batch_size: number };
  return {
    max_batch_size: Math.max(1, Math.min(max_batch_size, Math.floor(bodyBytesMax / recordBytes))),
    supports_base64_encoding: true,
  };
}

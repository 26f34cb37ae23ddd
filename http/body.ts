// The body of a request: JSON of a bounded size, with its vectors packed.

import { invalidArgument, RequestError, wrongShape } from "../src/protocol/request-error.ts";
import { JsonError } from "./json/json-error.ts";
import { JsonReader } from "./json/json-reader.ts";
import { readVectors, type RowKinds } from "./read-vectors.ts";

/** What Chroma's server takes by default. */
export const bodyBytesMaxDefault = 40 * 1024 * 1024;

/** Where bodies have vectors, and how a row may be written. */
const rowKindsByField: Readonly<Record<string, RowKinds>> = {
  embeddings: ["array", "string", "other"],
  query_embeddings: ["array"],
};

/**
 * The body of `request`, parsed.
 *
 * @throws {RequestError}  400: not JSON; 413: more than `bytesMax`; 415: declared as something else
 *     than JSON; 422: a field twice
 */
export async function readJsonBody(request: Request, bytesMax: number): Promise<unknown> {
  assertJson(request.headers.get("content-type"));
  return parseBody(await readText(request, bytesMax));
}

/** @throws {RequestError}  as `readJsonBody` */
export function parseBody(text: string): unknown {
  const reader = new JsonReader(text);
  try {
    const body = reader.peek() === "object" ? readFields(reader) : reader.value();
    reader.end();
    return body;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw notJson(error.describe(text));
  }
}

function readFields(reader: JsonReader): Record<string, unknown> {
  const fields = new Map<string, unknown>();
  reader.object((key) => {
    if (fields.has(key)) {
      throw wrongShape(
        `Failed to deserialize the JSON body into the target type: duplicate field \`${key}\``,
      );
    }
    const rowKinds = Object.hasOwn(rowKindsByField, key) ? rowKindsByField[key] : undefined;
    fields.set(key, rowKinds === undefined ? reader.value() : readVectors(reader, rowKinds));
  });
  // Unlike an assignment, this makes a field of `__proto__` too.
  return Object.fromEntries(fields);
}

function assertJson(contentType: string | null): void {
  // As Chroma's server: nothing declared is taken for JSON.
  if (contentType === null || /^\s*application\/(?:[^\s;,]+\+)?json\s*(?:;|$)/i.test(contentType)) return;
  throw new RequestError(415, "ChromaError", "Expected request with `Content-Type: application/json`");
}

async function readText(request: Request, bytesMax: number): Promise<string> {
  const bytes = await readBytes(request, bytesMax);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw notJson("invalid unicode code point");
  }
}

/** Stops at the first byte too many, whatever length was declared. */
async function readBytes({ body }: Request, bytesMax: number): Promise<Uint8Array> {
  if (body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Not `for await`: Safari cannot iterate over a stream.
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  for (;;) {
    const { done, value: chunk } = await reader.read();
    if (done) return concat(chunks, length);
    length += chunk.length;
    if (length > bytesMax) {
      await reader.cancel();
      throw new RequestError(413, "ChromaError", "Failed to buffer the request body: length limit exceeded");
    }
    chunks.push(chunk);
  }
}

function concat(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function notJson(problem: string): RequestError {
  return invalidArgument(`Failed to parse the request body as JSON: ${problem}`);
}

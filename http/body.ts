// The body of a request: JSON of a bounded size.

import { RequestError } from "../src/protocol/request-error.ts";

/** What Chroma's server takes by default. */
export const bodyBytesMaxDefault = 40 * 1024 * 1024;

/**
 * The body of `request`, parsed.
 *
 * @throws {RequestError}  400: not JSON; 413: more than `bytesMax`; 415: declared as something else than JSON
 */
export async function readJsonBody(request: Request, bytesMax: number): Promise<unknown> {
  assertJson(request.headers.get("content-type"));
  return JSON.parse(await readText(request, bytesMax)) as unknown;
}

function assertJson(contentType: string | null): void {
  // As Chroma's server: nothing declared is taken for JSON.
  if (contentType === null || /^\s*application\/(?:[^\s;,]+\+)?json\s*(?:;|$)/i.test(contentType)) return;
  throw new RequestError(415, "ChromaError", "Expected request with `Content-Type: application/json`");
}

async function readText(request: Request, bytesMax: number): Promise<string> {
  const bytes = await request.arrayBuffer();
  if (bytes.byteLength > bytesMax) throw tooLarge();
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

function tooLarge(): RequestError {
  return new RequestError(413, "ChromaError", "Failed to buffer the request body: length limit exceeded");
}

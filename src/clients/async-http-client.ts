// Python's AsyncHttpClient, for code that awaits its client.

import { HttpClient, type HttpClientOptions } from "./http-client.ts";
import type { Settings } from "./settings.ts";

/** A promise of an `HttpClient`; what its constructor throws is a rejection. Sends nothing by itself. */
export async function AsyncHttpClient(options?: HttpClientOptions): Promise<HttpClient>;
/** Python's positional form. */
export async function AsyncHttpClient(
  host?: string,
  port?: number | string,
  ssl?: boolean,
  headers?: Record<string, string>,
  settings?: Settings,
  tenant?: string,
  database?: string,
): Promise<HttpClient>;
export async function AsyncHttpClient(...given: unknown[]): Promise<HttpClient> {
  return new HttpClient(...(given as []));
}

// Python's AsyncHttpClient, for code that awaits its client.

import { HttpClient, type HttpClientOptions, type HttpPositions } from "./http-client.ts";

/** A promise of an `HttpClient`; what its constructor throws is a rejection. Sends nothing by itself. */
export async function AsyncHttpClient(options?: HttpClientOptions): Promise<HttpClient>;
/** Python's positional form. */
export async function AsyncHttpClient(...positional: HttpPositions): Promise<HttpClient>;
export async function AsyncHttpClient(...given: unknown[]): Promise<HttpClient> {
  return new HttpClient(...(given as []));
}

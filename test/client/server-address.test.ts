// A host as a URL, by Python's rules.

import { ChromaValueError } from "chromadb";
import { expect, test } from "vitest";
import { serverAddress } from "../../src/clients/server-address.ts";

test.each([
  ["localhost", 8000, false, "http://localhost:8000"],
  ["localhost", 8000, true, "https://localhost:8000"],
  ["[::1]", 8000, false, "http://[::1]:8000"],
  ["example.org", 443, true, "https://example.org"],
  ["http://example.org", 8000, false, "http://example.org"],
  ["http://example.org:9000", 8000, false, "http://example.org:9000"],
  ["https://example.org/", 8000, false, "https://example.org"],
  ["HTTPS://Example.org/Chroma", 8000, false, "https://example.org/Chroma"],
  ["http://example.org/proxy//chroma/", 8000, false, "http://example.org/proxy/chroma"],
  ["http://example.org/proxy/api/v2", 8000, false, "http://example.org/proxy"],
  ["http://example.org/api/v2/", 8000, false, "http://example.org"],
  ["http://example.org/myapi/v2", 8000, false, "http://example.org/myapi/v2"],
  ["http://example.org/a b?c=d#e", 8000, false, "http://example.org/a%20b"],
  ["http://example.org", 8000, true, "https://example.org"],
  ["http://example.org:80/x", 8000, true, "https://example.org:80/x"],
])("%s, port %i, ssl %s is %s", (host, port, ssl, address) => {
  expect(serverAddress(host, port, ssl)).toBe(address);
});

test.each([
  ["ftp://example.org", "Invalid URL. Unrecognized protocol - ftp."],
  [
    "example.org/chroma",
    "Invalid URL. Seems that you are trying to pass URL as a host but without specifying the protocol. Please add http:// or https:// to the host.",
  ],
  ["example.org:9000", "Invalid URL. Expected a host or a whole URL, but got example.org:9000"],
  ["http://", "Invalid URL. Expected a host or a whole URL, but got http://"],
  ["http://me:pass@example.org", "Invalid URL. Expected credentials in headers or settings, not in the host"],
])("%s is refused", (host, message) => {
  expect(() => serverAddress(host, 8000, false)).toThrow(new ChromaValueError(message));
});

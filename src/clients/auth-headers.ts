// Headers that say who asks: Python's two providers, by their settings.

import { ChromaValueError } from "chromadb";
import type { ResolvedSettings } from "./settings.ts";

const tokenHeaders = ["Authorization", "X-Chroma-Token"];

/**
 * The headers of `chromaClientAuthProvider`, none where it is not set.
 * @throws {ChromaValueError}  a provider that is none of Chroma's, no credentials, or a token that no header can carry
 */
export function authHeaders(settings: ResolvedSettings): Record<string, string> {
  const { chromaClientAuthProvider: provider, chromaClientAuthCredentials: credentials } = settings;
  if (!provider) return {};
  const kind = /(Token|Basic)AuthClientProvider$/.exec(provider)?.[1];
  if (kind === undefined) {
    throw new ChromaValueError(
      `Expected chromaClientAuthProvider to end in TokenAuthClientProvider or BasicAuthClientProvider, but got ${provider}`,
    );
  }
  if (!credentials) throw new ChromaValueError("Missing required config value 'chromaClientAuthCredentials'");
  if (kind === "Basic") return { Authorization: `Basic ${base64(credentials)}` };
  return tokenHeader(mustBeToken(credentials), settings.chromaAuthTokenTransportHeader);
}

/**
 * A token as a header can carry it.
 * @throws {ChromaValueError}  a character that is no ASCII letter, digit or punctuation
 */
export function mustBeToken(token: string): string {
  if (/^[!-~]+$/.test(token)) return token;
  throw new ChromaValueError("Invalid token. Must contain only ASCII letters, digits, and punctuation.");
}

function tokenHeader(token: string, header = "Authorization"): Record<string, string> {
  const name = tokenHeaders.find((each) => plain(each) === plain(header));
  if (name === undefined) {
    throw new ChromaValueError(
      `Invalid token transport header: ${header}. Must be one of ${tokenHeaders.join(", ")}`,
    );
  }
  return { [name]: name === "Authorization" ? `Bearer ${token}` : token };
}

/** Older versions of Chroma have the names of the enumeration here: `X_CHROMA_TOKEN`. */
function plain(header: string): string {
  return header.replaceAll("_", "-").toLowerCase();
}

function base64(credentials: string): string {
  return btoa(String.fromCodePoint(...new TextEncoder().encode(credentials)));
}

// Ids of collections in a path: a UUID in any of its four spellings, as Chroma's server takes it.

import { invalidArgument } from "../../src/protocol/request-error.ts";

const hex = "[0-9a-f]";
const hyphenated = `${hex}{8}-${hex}{4}-${hex}{4}-${hex}{4}-${hex}{12}`;
const uuid = new RegExp(`^(?:(?:urn:uuid:)?${hyphenated}|\\{${hyphenated}\\}|${hex}{32})$`, "i");

/**
 * The id in lower case with hyphens.
 * @throws {RequestError}  400 when it is no UUID, in the words of record operations
 */
export function parseCollectionId(text: string): string {
  return canonical(text) ?? refuse("Collection ID is not a valid UUIDv4");
}

/** As `parseCollectionId`, in the words of `GET …/collections/by-id/{id}`. */
export function parseCollectionIdToGet(text: string): string {
  return (
    canonical(text) ?? refuse("Validation error: collection_id: Invalid collection ID format, expected UUID")
  );
}

function canonical(text: string): string | undefined {
  if (!uuid.test(text)) return undefined;
  const digits = text.toLowerCase().replace("urn:uuid:", "").replace(/[{}-]/g, "");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function refuse(message: string): never {
  throw invalidArgument(message);
}

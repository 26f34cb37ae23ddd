// The graph's settings in a collection's metadata, under keys like `hnsw:space`: how they were given
// before there was a configuration. They stay in the metadata.

import type { IntegralFloat, Metadata, MetadataValue } from "../../src/protocol/metadata.ts";
import { invalidArgument } from "../../src/protocol/request-error.ts";
import { isSpace, type HnswPatch } from "../requests/configuration.ts";
import { valueType } from "../requests/metadata-value.ts";

const PREFIX = "hnsw:";

const properties = {
  "hnsw:space": "space",
  "hnsw:construction_ef": "efConstruction",
  "hnsw:search_ef": "efSearch",
  "hnsw:M": "maxNeighbors",
  "hnsw:num_threads": "numThreads",
  "hnsw:batch_size": "batchSize",
  "hnsw:sync_threshold": "syncThreshold",
  "hnsw:resize_factor": "resizeFactor",
} as const;

type Setting = keyof typeof properties;

/** Chroma refuses less of these two. */
const minBySetting: Readonly<Partial<Record<Setting, number>>> = {
  "hnsw:batch_size": 2,
  "hnsw:sync_threshold": 2,
};

/**
 * The settings that `metadata` gives.
 * @throws {RequestError}  400 for a key of the prefix that is no setting, or a value of the wrong kind
 */
export function parseLegacyMetadata(metadata: Metadata | null): HnswPatch {
  const settings = Object.entries(metadata ?? {}).filter(([key]) => key.startsWith(PREFIX));
  return Object.fromEntries(settings.map(([key, value]) => parseSetting(key, value)));
}

function parseSetting(key: string, value: MetadataValue): [property: string, value: string | number] {
  if (!isSetting(key) || !isUsable(key, value)) {
    throw invalidArgument("Failed to parse hnsw parameters from segment metadata");
  }
  return [properties[key], typeof value === "object" ? numberOf(value) : value];
}

function isSetting(key: string): key is Setting {
  return Object.hasOwn(properties, key);
}

function isUsable(key: Setting, value: MetadataValue): value is string | number | IntegralFloat {
  if (key === "hnsw:space") return isSpace(value);
  const type = Array.isArray(value) ? "array" : valueType(value);
  if (type !== "int" && !(key === "hnsw:resize_factor" && type === "float")) return false;
  return numberOf(value as number | IntegralFloat) >= (minBySetting[key] ?? 0);
}

function numberOf(value: number | IntegralFloat): number {
  return typeof value === "object" ? value["#float"] : value;
}

// Bodies of the requests that create and change a collection.

import type { Metadata } from "../../src/protocol/metadata.ts";
import { invalidArgument } from "../../src/protocol/request-error.ts";
import { parseConfiguration, parseUpdateConfiguration } from "./configuration.ts";
import type { ConfigurationRequest, EmbeddingFunction, HnswPatch } from "./configuration.ts";
import { metadataProblem, parseCollectionMetadata, parseNewCollectionMetadata } from "./metadata.ts";
import { nameProblem } from "./name.ts";
import { parseSchema, schemaProblem, type SchemaRequest } from "./schema.ts";
import { mustHave, parseBoolean, parseOptional, parseString, parseStruct } from "./shape.ts";
import { assertValid } from "./validation.ts";

export interface CreateCollectionRequest {
  readonly name: string;
  readonly metadata: Metadata | null;
  readonly configuration: ConfigurationRequest | null;
  readonly schema: SchemaRequest | null;
  readonly getOrCreate: boolean;
}

/** What is absent stays as it is. */
export interface UpdateCollectionRequest {
  readonly newName?: string;
  /** Replaces the whole; null: no metadata any more. */
  readonly newMetadata?: Metadata | null;
  readonly hnsw?: HnswPatch;
  readonly embeddingFunction?: EmbeddingFunction;
}

export function parseCreateCollection(body: unknown): CreateCollectionRequest {
  const fields = parseStruct(body, "", "CreateCollectionPayload");
  const request: CreateCollectionRequest = {
    name: parseString(mustHave(fields, "", "name"), "name"),
    metadata: parseOptional(fields, "", "metadata", parseCollectionMetadata),
    configuration: parseOptional(fields, "", "configuration", parseConfiguration),
    schema: parseOptional(fields, "", "schema", parseSchema),
    getOrCreate:
      fields["get_or_create"] === undefined ? false : parseBoolean(fields["get_or_create"], "get_or_create"),
  };
  assertOneIndex(request.configuration);
  assertValid({
    name: nameProblem(request.name),
    metadata: metadataProblem(request.metadata),
    schema: schemaProblem(request.schema),
  });
  return request;
}

/** Settings of spann are accepted and dropped: the collection has an hnsw index. */
export function parseUpdateCollection(body: unknown): UpdateCollectionRequest {
  const fields = parseStruct(body, "", "UpdateCollectionPayload");
  const newName = parseOptional(fields, "", "new_name", parseString);
  const newMetadata =
    parseOptional(fields, "", "new_metadata", (metadata, path) => ({
      value: parseNewCollectionMetadata(metadata, path),
    })) ?? undefined;
  const configuration = parseOptional(fields, "", "new_configuration", parseUpdateConfiguration);
  assertOneIndex(configuration);
  assertValid({
    new_name: newName === null ? undefined : nameProblem(newName),
    new_metadata: metadataProblem(newMetadata?.value),
  });
  return {
    ...(newName === null ? {} : { newName }),
    ...(newMetadata === undefined ? {} : { newMetadata: newMetadata.value }),
    ...(configuration?.hnsw ? { hnsw: configuration.hnsw } : {}),
    ...(configuration?.embeddingFunction ? { embeddingFunction: configuration.embeddingFunction } : {}),
  };
}

function assertOneIndex(configuration: ConfigurationRequest | null): void {
  if (configuration?.hnsw && configuration.spann) {
    throw invalidArgument("Multiple vector index configurations provided");
  }
}

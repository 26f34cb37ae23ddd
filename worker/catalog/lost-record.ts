// What stands in the catalog for a collection whose record is lost to damage: a name to delete it by.

import { DEFAULT_DATABASE, DEFAULT_TENANT, type CollectionRecord } from "./record.ts";
import { resolveSettings } from "./settings.ts";

/** Listed in the default database, whatever database it was of. */
export function lostRecord(id: string): CollectionRecord {
  const name = `lost-${id}`;
  const request = { name, metadata: null, configuration: null, schema: null, getOrCreate: false };
  return {
    id,
    name,
    tenant: DEFAULT_TENANT,
    database: DEFAULT_DATABASE,
    metadata: null,
    ...resolveSettings(request),
    dimension: null,
    schemaKeys: [],
  };
}

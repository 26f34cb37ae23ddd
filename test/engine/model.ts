// What an engine must hold, in the plainest form: collections of records in insertion order. Immutable,
// so that the state after each write of a workload can be kept.

export interface ModelRecord {
  readonly embedding: readonly number[];
  readonly document: string | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
}

export type ModelCollection = ReadonlyMap<string, ModelRecord>;
export type Model = ReadonlyMap<string, ModelCollection>;

/** One write of a workload. */
export type ModelWrite =
  | { readonly kind: "create"; readonly name: string }
  | { readonly kind: "drop"; readonly name: string }
  | {
      readonly kind: "add" | "upsert" | "update";
      readonly name: string;
      readonly records: readonly ({ readonly id: string } & Partial<ModelRecord>)[];
    }
  | { readonly kind: "delete"; readonly name: string; readonly ids: readonly string[] }
  | { readonly kind: "deleteWhere"; readonly name: string; readonly group: number };

export function applyToModel(model: Model, write: ModelWrite): Model {
  const next = new Map(model);
  if (write.kind === "create") return next.set(write.name, new Map());
  if (write.kind === "drop") {
    next.delete(write.name);
    return next;
  }
  const records = new Map(model.get(write.name));
  switch (write.kind) {
    case "add":
    case "upsert":
    case "update":
      for (const { id, ...record } of write.records) writeRecord(records, write.kind, id, record);
      break;
    case "delete":
      for (const id of write.ids) records.delete(id);
      break;
    case "deleteWhere":
      for (const [id, { metadata }] of records) if (metadata?.["group"] === write.group) records.delete(id);
  }
  return next.set(write.name, records);
}

function writeRecord(
  records: Map<string, ModelRecord>,
  kind: "add" | "upsert" | "update",
  id: string,
  given: Partial<ModelRecord>,
): void {
  const before = records.get(id);
  if (before === undefined) {
    if (kind === "update") return;
    const { embedding, document = null, metadata = null } = given;
    records.set(id, { embedding: embedding!, document, metadata });
  } else if (kind !== "add") {
    const metadata = given.metadata ? { ...before.metadata, ...given.metadata } : before.metadata;
    records.set(id, {
      embedding: given.embedding ?? before.embedding,
      document: given.document ?? before.document,
      metadata,
    });
  }
}

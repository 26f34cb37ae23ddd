// Shorthand for tests: a catalog with the default database, and operations that plan and apply at once.

import { Catalog } from "../../worker/catalog/catalog.ts";
import type { CatalogChange, Plan } from "../../worker/catalog/change.ts";
import type { CollectionJson } from "../../worker/catalog/collection-json.ts";
import { planCreateCollection, planUpdateCollection } from "../../worker/catalog/collections.ts";
import { parseCreateCollection, parseUpdateCollection } from "../../worker/requests/collection.ts";

export const scope = { tenant: "default_tenant", database: "default_database" };

/** Ids 00000001-…, 00000002-…, in the order they are asked for. */
export function countingIds(): () => string {
  let count = 0;
  return () => `${String(++count).padStart(8, "0")}-0000-4000-8000-000000000000`;
}

export class TestCatalog extends Catalog {
  readonly newId = countingIds();
  readonly changes: CatalogChange[] = [];

  run<Reply>({ change, reply }: Plan<Reply>): Reply {
    if (change !== undefined) {
      this.changes.push(change);
      this.apply(change);
    }
    return reply;
  }

  create(body: object, at = scope): CollectionJson {
    return this.run(planCreateCollection(this, at, parseCreateCollection(body), this.newId));
  }

  update(id: string, body: object): void {
    this.run(planUpdateCollection(this, id, parseUpdateCollection(body)));
  }
}

// What must be stored, by what the tabs were told: every record that was added and not deleted, no record
// whose delete was answered, every collection that was created.

import type { Event } from "./page-script.ts";

export class Model {
  readonly problems: string[] = [];
  answered = 0;
  readonly #added = new Set<string>();
  readonly #deleting = new Set<string>();
  readonly #deleted = new Set<string>();
  readonly #created = new Set<string>();

  take([kind, subject]: Event): void {
    if (kind !== "problem" && kind !== "deleting") this.answered++;
    switch (kind) {
      case "added":
        this.#added.add(subject);
        break;
      case "deleting":
        this.#deleting.add(subject);
        break;
      case "deleted":
        this.#deleted.add(subject);
        break;
      case "created":
        this.#created.add(subject);
        break;
      case "problem":
        this.problems.push(subject);
        break;
    }
  }

  /** Compares with what a tab reads back. */
  judge(ids: readonly string[], collections: readonly string[]): { lost: string[]; doubled: string[] } {
    const stored = new Set(ids);
    const names = new Set(collections);
    return {
      lost: [
        // A delete that was under way when its tab went may have been carried out.
        ...[...this.#added].filter((id) => !this.#deleting.has(keyOf(id)) && !stored.has(id)),
        ...[...this.#created].filter((name) => !names.has(name)),
      ],
      doubled: [
        ...ids.filter((id) => this.#deleted.has(keyOf(id))),
        ...(stored.size < ids.length ? ["an id that is there twice"] : []),
      ],
    };
  }
}

function keyOf(id: string): string {
  return id.slice(0, id.lastIndexOf("-"));
}

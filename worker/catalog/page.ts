// A part of a list.

import type { Page } from "../requests/query-string.ts";

export function pageOf<T>(items: readonly T[], { limit, offset }: Page): readonly T[] {
  return items.slice(offset, limit === null ? undefined : offset + limit);
}

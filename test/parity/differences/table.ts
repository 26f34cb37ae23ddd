// Every row of docs/COMPATIBILITY.md's differences: as something that recognises it, or with the
// reason why no reply can show it.

import type { Difference } from "../difference.ts";
import { collections } from "./collections.ts";
import { reading } from "./reading.ts";
import { replies } from "./replies.ts";
import { writing } from "./writing.ts";

export const differences: readonly Difference[] = [...reading, ...writing, ...collections, ...replies];

/** Rows that no example can show for sure, with what holds them instead. */
export const unshown: Readonly<Record<string, string>> = {
  "order-of-calls": "the network's order is chance; steps are awaited",
  "reset-forbidden": "who allows it, not what is answered",
  "first-call": "of Python's client, which is no part of this",
  "ephemeral-memory": "of Python's client, which is no part of this",
  "http-arguments": "of Python's client; test/client/http-client.test.ts has ours",
  "cloud-scope": "of a cloud; test/cloud has it",
  "admin-default": "of Python's client; test/client/admin-client.test.ts has ours",
  "settings-names": "of Python's client; test/client/settings.test.ts has ours",
  "settings-environment": "of Python's client; test/client/settings.test.ts has ours",
  "tls-verification": "of Python's client, which is no part of this",
};

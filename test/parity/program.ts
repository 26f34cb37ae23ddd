// Arbitrary programs: thirty steps over three collections, mostly valid, most of them finding
// something.

import fc from "fast-check";
import { created, modified, onClient } from "./collection-steps.ts";
import type { Profile, StepOf } from "./profile.ts";
import { deleted, got, queried, small, written } from "./record-steps.ts";
import type { CollectionCall, Step } from "./step.ts";

export const STEPS = 30;

export type Program = readonly Step[];

const profile = (name: string): fc.Arbitrary<Profile> =>
  fc.record({
    name: fc.constant(name),
    space: fc.constantFrom("l2", "cosine", "ip", undefined),
    dimension: fc.constantFrom(1, 2, 3, 4, 8),
    embeds: fc.nat(3).map((n) => n === 0),
  });

const anyStep: fc.Arbitrary<StepOf> = fc.oneof(
  { weight: 12, arbitrary: written("add") },
  { weight: 8, arbitrary: written("upsert") },
  { weight: 8, arbitrary: written("update") },
  { weight: 5, arbitrary: deleted },
  { weight: 22, arbitrary: got },
  { weight: 22, arbitrary: queried },
  { weight: 3, arbitrary: fc.constant<StepOf>(({ name }) => ({ call: "count", on: name })) },
  {
    weight: 3,
    arbitrary: small(5).map((limit): StepOf => ({ name }) => ({ call: "peek", on: name, with: { limit } })),
  },
  { weight: 3, arbitrary: modified },
  { weight: 15, arbitrary: onClient },
);

const names = ["alpha", "beta", "gamma"] as const;
/** Most steps are of the first collection. */
const whichCollection = fc.constantFrom<0 | 1 | 2>(0, 0, 0, 1, 1, 2);

const OPENING_STEPS = 3;

/**
 * Each collection is made, gets records and is read; after that, anything. The reading is for the
 * server, which until then takes an ignored update's vector for an id that is added later
 * (`ignored-updates`).
 */
const opening = fc.tuple(
  created("createCollection"),
  written("add"),
  fc.constantFrom<CollectionCall>("count", "peek").map((call): StepOf => ({ name }) => ({
    call,
    on: name,
    with: {},
  })),
);

export const program: fc.Arbitrary<Program> = fc
  .record({
    profiles: fc.tuple(profile(names[0]), profile(names[1]), profile(names[2])),
    openings: fc.tuple(opening, opening, opening),
    steps: fc.array(fc.tuple(whichCollection, anyStep), {
      minLength: STEPS - OPENING_STEPS * names.length,
      maxLength: STEPS - OPENING_STEPS * names.length,
    }),
  })
  .map(({ profiles, openings, steps }) => {
    const opened = openings.flatMap((opening, at) => opening.map((step) => step(profiles[at]!)));
    const rest = steps.map(([which, step]) => step(profiles[which]));
    return [...opened, ...rest];
  });

/** The calls that programs make. */
export const programCalls: readonly Step["call"][] = [
  "add",
  "collection",
  "count",
  "countCollections",
  "createCollection",
  "delete",
  "deleteCollection",
  "get",
  "getCollection",
  "getCollectionById",
  "getCollections",
  "getMaxBatchSize",
  "getOrCreateCollection",
  "getUserIdentity",
  "heartbeat",
  "listCollections",
  "modify",
  "peek",
  "query",
  "update",
  "upsert",
  "version",
];

// Known of what writes records, and of what records hold.

import type { KnownFacts } from "./known-facts.ts";

export const writes: KnownFacts = {
  "add and ids": {
    "equal ids in a batch": [
      "of equal ids in one add the first is kept; update and upsert go in order",
      "ids of one call differ, or the client says which do not",
    ],
    "an id that is there": [
      "an add of an id that is there is accepted and ignored",
      "an add of an id that is there is ignored, also beside one that is new",
    ],
    "which texts are ids": ["any text but the empty one is an id"],
    "an id is text": [
      "a body of the wrong shape is a 422",
      "an id is text, and the client says which are not",
    ],
    lengths: [
      "columns are of one length, or nothing is written",
      "columns of one call are of one length and not empty",
    ],
    "one bad record": ["a batch with one bad record is refused as a whole, an empty one is fine"],
    "empty batches": ["a batch with one bad record is refused as a whole, an empty one is fine"],
    "empty and missing documents": ["a document may be empty, and null is none"],
    "twenty at once": ["twenty adds of one id at once are all accepted, and one is kept"],
  },

  embeddings: {
    "the first write fixes the dimension": [
      "the first write fixes the dimension, for good",
      "the first write fixes the dimension, and it stays when every record is gone",
    ],
    "other dimensions, ragged batches": ["the first write fixes the dimension, for good"],
    "no numbers": ["a vector has at least one number", "an embedding has numbers, all of them finite"],
    "what is not finite": [
      "what is not finite in base64 is refused, and its place is told",
      "a number above single precision is refused in a write, null is no number",
      "a query number above single precision has distances of null",
    ],
    "bad base64": ["base64 that is none is refused"],
    "single floats": ["vectors are kept as single floats, of one number or of twenty thousand"],
    "numeric texts": ["text that reads as a number is that number"],
    "missing: 422, in an update: kept": [
      "a body of the wrong shape is a 422",
      "vectors are numbers or base64, not both",
    ],
    "batch limits are the client's": [
      "eight thousand records in one call are taken",
      "one call takes more records than Chroma's 5,461",
    ],
    "too many ids, values and clauses": [
      "forty thousand ids, and as many values",
      "40,000 ids, 40,000 values and 1,000 clauses are taken",
    ],
    "200 levels": ["a body of more than 127 levels is refused"],
  },

  "update and upsert": {
    "a missing id": ["an update of what is not there makes nothing"],
    "metadata merges": [
      "metadata merges key by key, and null deletes a key",
      "an upsert merges into what is there and makes what is not",
    ],
    "null and missing columns": [
      "documents and uris that are not given, or null, stay",
      "a document can be emptied but not removed",
    ],
    "a document alone": [
      "documents and uris that are not given, or null, stay",
      "an update of a document embeds it anew",
    ],
    "types and arrays": [
      "metadata merges key by key, and null deletes a key",
      "the type of a key may change, and an array replaces and is replaced whole",
    ],
    "nulls on a new id": ["an upsert of a new id with nulls alone has no metadata"],
    "an upsert without vectors": [
      "a body of the wrong shape is a 422",
      "without a function texts are refused, and a handle by id says what to do",
    ],
    order: ["records keep their place when they change; what comes again comes last"],
  },

  delete: {
    "nothing said": [
      "a delete that says nothing of what to delete is refused",
      "with nothing to select by, nothing is deleted",
    ],
    counts: ["deleted counts the ids that were sent, or what a filter found"],
    "limit with and without where": [
      "deleted counts the ids that were sent, or what a filter found",
      "a limit takes the first in insertion order",
      "a delete that says nothing of what to delete is refused",
    ],
    "where of nothing": ["a delete that says nothing of what to delete is refused"],
  },

  "metadata of a record": {
    "numbers as written": [
      "numbers come back as they were written, integer or float",
      "negative zero is zero",
    ],
    "int and float in one key": ["a key may hold an integer in one record and a float in another"],
    arrays: [
      "numbers come back as they were written, integer or float",
      "an empty array vanishes, and so does empty metadata",
      "mixed and nested values are of the wrong shape; null is for updates alone",
    ],
    "null, nested": [
      "mixed and nested values are of the wrong shape; null is for updates alone",
      "what is no value is refused by the client",
    ],
    "empty metadata": ["an empty array vanishes, and so does empty metadata"],
    "sparse vectors": [
      "sparse vectors are a 501",
      "a sparse vector is not taken yet, as on the single-node server",
    ],
    keys: [
      "keys are not empty and do not begin with # or $",
      "keys are any text but the empty one and those that begin with # or $",
    ],
    "chroma: keys": ["keys that begin with chroma:", "keys of Chroma's own prefix are refused, not hidden"],
    "long and odd keys and values": [
      "keys are not empty and do not begin with # or $",
      "texts of a megabyte are kept and searched",
    ],
    "NaN in JavaScript": ["a number that is none is a body of the wrong shape"],
  },
};

// Known of names, collections, tenants and databases.

import type { KnownFacts } from "./known-facts.ts";

export const collections: KnownFacts = {
  names: {
    "the rule, its limits and its texts": [
      "a name has 3 to 512 characters of a small alphabet, and case counts",
      "names have 3 to 512 characters of a small alphabet, or are refused by rule",
    ],
    "two periods, addresses, one plus": [
      "names have 3 to 512 characters of a small alphabet, or are refused by rule",
    ],
    "no text, or none at all": [
      "a name that is no string is a body of the wrong shape",
      "a body of the wrong shape is a 422",
    ],
    "no JSON": ["a body is JSON, and says so"],
    "renaming follows it": [
      "a new name follows the same rule",
      "a new name has to be a name, and may be the old one",
    ],
    "databases follow it": ["a database's name follows it too, a tenant's has three characters"],
    "the client checks none": ["any other name is refused in the server's words"],
  },

  "metadata of a collection": {
    "empty is refused, null is fine": [
      "metadata is null or has keys; values are scalars",
      "empty metadata, empty keys and keys that begin with # or $ are refused",
    ],
    "scalars; null and nested are a 422": ["metadata is null or has keys; values are scalars"],
    "1.0 comes back 1.0": ["numbers of a metadata stay what they were written as"],
    "the client leaves nulls out": ["nulls in the metadata of a new collection are left out"],
    "an array ends the connection": ["arrays in a collection's metadata are kept"],
    "keys with # and $, empty keys, chroma: is fine here": [
      "metadata is null or has keys; values are scalars",
    ],
    "hnsw: keys configure": [
      "legacy keys of metadata set the configuration, and a configuration beats them",
      "the old hnsw: keys of a metadata configure, unless there is a configuration",
    ],
  },

  "configuration and schema": {
    "three spaces": ["a space is one of three"],
    "numbers are not checked": ["settings of the graph are told as given, whatever they are"],
    "breadths of 0 and 1 still find all": [
      "the least breadth of a search still finds all that are asked for",
    ],
    "spann becomes hnsw, both are refused": [
      "spann becomes hnsw; both at once, or in vain, are refused or ignored",
      "a space is l2, cosine or ip; spann becomes hnsw with its space; both are refused",
    ],
    "unknown keys: ignored on top, refused in an update": [
      "spann becomes hnsw; both at once, or in vain, are refused or ignored",
      "a configuration may change but for space and build breadth",
    ],
    "schema beside configuration": [
      "a schema's vector index sets the space, and leaves none to a configuration",
    ],
    "a schema's space": ["a schema's vector index sets the space"],
    "sparse, default vector index, key #foo": [
      "sparse indexes, vectors of other keys and keys that begin with # are refused in a schema",
    ],
    "indexes that are off": ["an index that a schema switches off cannot be used by a filter"],
    "get or create ignores the call's": [
      "getting or creating what is there ignores what the call says of it",
      "getting or creating gives what is there and ignores the rest of the call",
    ],
    "get or create refuses empty metadata": ["metadata is null or has keys; values are scalars"],
  },

  modify: {
    "metadata is replaced, nulls dropped, alone null, empty refused": [
      "new metadata replaces the old; nulls are left out, and alone make none",
      "new metadata replaces the old as a whole, without its nulls",
      "empty metadata is refused, and the old stays",
    ],
    "hnsw: keys change no configuration": ["metadata changed later does not change the space"],
    "what can change and what cannot": [
      "a configuration may change but for space and build breadth",
      "space and build breadth cannot change",
      "the breadth of a search can change, and the rest stays",
    ],
    "spann's breadth has no effect": ["a configuration may change but for space and build breadth"],
    "a taken name": ["a change to a name that is taken", "a name that is taken is refused as at creation"],
    "its own name, or nothing": [
      "a change of nothing, or to the name it has, is fine",
      "an empty change changes nothing",
    ],
    "missing, no UUID": ["a collection's id is a UUID, of one that is there"],
    "an embedding function is not checked": ["a configuration may change but for space and build breadth"],
  },

  "lists, tenants, databases": {
    "order and pages": [
      "collections are listed by id, in pages",
      "a part of a list that cannot be is refused",
    ],
    "a database that is missing": [
      "in a database that is not there lists are empty; making and getting are refused",
      "in a database that is not there lists are empty, and nothing is found or made",
    ],
    "a tenant's name": ["a database's name follows it too, a tenant's has three characters"],
    "made twice": ["tenants and databases are made once"],
    "not there": ["what is not there is a 404 in the server's words"],
    "a database in no tenant": ["a database may be made in a tenant that is not there"],
    "a deleted database": ["a database that is deleted takes its collections along"],
    "databases by name": ["databases are listed by name, in pages"],
    "the default one's id": ["the default database's id is zero"],
    "record operations ask the id alone": [
      "record operations ask for the collection alone, not for the database of the path",
    ],
  },
};

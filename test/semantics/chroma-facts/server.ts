// Known of the server as a whole: what surprises, statuses and shapes.

import type { KnownFacts } from "./known-facts.ts";

export const server: KnownFacts = {
  surprises: {
    "no conditional() in 3.5.0, no such routes": [
      "a route that is none is a 404, a method that is none a 405, both without a body",
    ],
    "exports: ChromaClient, CloudClient and the admin clients alone": [
      "test/semantics/compatibility.test.ts",
    ],
    "non-integral bounds are cut": [
      "bounds between two integers",
      "a bound between two integers is compared as it is",
    ],
    "search, fork, fork count and functions are a 501": [
      "what the single-node server does not implement is a 501",
    ],
    "the indexing status is a 500": ["the state of the index"],
    "sparse vectors and sparse indexes are refused": [
      "sparse vectors are a 501",
      "sparse indexes, vectors of other keys and keys that begin with # are refused in a schema",
    ],
    "an array in a collection's metadata, or a CRN, ends the connection": [
      "an array in a collection's metadata, and a call after it",
      "a collection by the name of its resource, and a call after it",
    ],
    "max_neighbors 0 ends the process, 1 has no recall": [
      "an add to a graph without neighbours, and a call after it",
      "a graph of one neighbour is searched as well as any",
    ],
    "a query of a missing id is a 500, a get skips it": [
      "a query among ids of which one is not there",
      "records come in insertion order, each once, whatever ids ask for",
    ],
    "with a filter the missing id is skipped": [
      "ids and filters restrict a query; what they leave is told whole",
    ],
    "the client leaves nulls of a metadata out": ["an update's null deletes a key, with vectors and without"],
    "Float32Array in writes, not in queries": [
      "rows of Float32Array are written like rows of numbers, and stay the caller's",
      "rows of Float32Array and one flat vector are queries too",
    ],
    "deleted counts ids that are not there": ["by ids: every id that was sent is counted, there or not"],
    "the default function means l2, one that names a space that space": [
      "the function that Chroma takes by default is only named while its package is not there",
      "a function that names a space sets the collection's",
    ],
    "collections are listed by id": ["collections are listed by id, in pages"],
    "cosine vectors come back an ulp off": ["vectors of a cosine collection"],
    "a handle shows what a refused modify asked for": [
      "a handle shows what it asked for, also when that was refused",
    ],
  },

  contract: {
    "heartbeat, version, identity, health": ["heartbeat, version, identity and health are told as JSON"],
    "shape of a collection": ["a collection is told with all its fields"],
    "writes add keys to the schema": ["metadata that is written adds its keys to the schema"],
    "shape of get": ["get tells every record, with documents and metadata"],
    "shape of query": ["a query tells the ten nearest, with documents, metadata and distances"],
    "vectors are numbers or base64, queries numbers alone": [
      "vectors are numbers or base64, not both",
      "query vectors are arrays of numbers, base64 is not taken",
    ],
    "a query's limit and offset are ignored": ["limit and offset of a query's address are not looked at"],
    "400, 415, 422, 404, 405, 410, 413": [
      "a body is JSON, and says so",
      "a body of the wrong shape is a 422",
      "a collection's id is a UUID, of one that is there",
      "a route that is none is a 404, a method that is none a 405, both without a body",
      "the first version of the API is gone",
      "a body of more than 40 MiB is refused",
    ],
    "403 without leave to reset": ["a reset is refused, and what is there stays"],
    "classes of the client's errors": ["errors are of the official classes"],
    CORS: ["a page of an origin that is allowed may call"],
    "by name, not by id": ["a collection is got and deleted by its name, not by its id"],
    "a taken name": ["a name that is taken is a 409"],
    "update of a tenant": ["changes of a tenant that is not there, and of one that is"],
  },

  others: {
    "an old handle": [
      "a name that was deleted is free for a collection of another id",
      "a deleted collection is gone for every handle, and its name is free for a new id",
    ],
    reset: ["a reset leaves the defaults alone", "a reset is refused, and what is there stays"],
    "restart after SIGKILL": ["test/chroma-server/chroma-server.test.ts", "test/engine/crash.test.ts"],
    "read levels": ["read levels are taken, and what is none is refused"],
  },
};

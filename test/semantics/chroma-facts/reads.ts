// Known of filters, get, query and distances.

import type { KnownFacts } from "./known-facts.ts";

export const reads: KnownFacts = {
  where: {
    "equality, types": [
      "equal is of one type, but int and float are one",
      "a value and $eq find that value of that type; int and float are one type",
    ],
    "missing keys": [
      "what is negated matches a missing key, other types and no metadata",
      "$ne and $nin also find other types, arrays and records without the key",
    ],
    "comparisons take numbers": [
      "what is no clause is refused",
      "$gt, $gte, $lt and $lte compare numbers alone",
    ],
    "lists of one type": ["what is no clause is refused", "a list of numbers that begins with an integer"],
    "contains looks into arrays": ["contains looks into arrays alone, and arrays equal nothing"],
    "ints and floats in arrays": ["an integer in an array of floats, and a float in one of integers"],
    "lists of clauses": ["clauses nest; none is all for and, nothing for or"],
    "what is none": ["what is no clause is refused"],
    "#document, #id, #embedding": [
      "a where clause may ask for the document",
      "#id in a where clause",
      "clauses nest; none is all for and, nothing for or",
    ],
  },

  "where document": {
    substrings: [
      "contains is a substring, and case counts",
      "$contains finds a substring, case and composition counting",
    ],
    negations: ["contains is a substring, and case counts", "regex is Rust's dialect"],
    regex: ["regex is Rust's dialect", "set operations in a class"],
    "lists, unknown operators": ["document clauses nest, and what is none is refused"],
    "with ids and where": ["ids, where and where_document all have to match"],
  },

  get: {
    order: ["records come in insertion order, each once, whatever ids ask for"],
    "no ids, ids twice": [
      "records come in insertion order, each once, whatever ids ask for",
      "ids are not empty and differ, or the client refuses",
    ],
    "limit and offset": ["limit and offset come after the filter, and are whole numbers from 0"],
    include: [
      "include is told back as it was asked; what is unknown is refused",
      "include says which columns come; the others are empty",
    ],
    "unknown fields": ["fields that nobody knows are ignored"],
    "rows() and peek": [
      "rows() puts the columns of each record together",
      "peek gives the first ten, or as many as are asked for",
    ],
  },

  query: {
    "empty collections": [
      "a collection without records, or without a dimension, gives an empty list a query",
    ],
    "number of results": [
      "as many results as there are, or none, but no negative or broken number",
      "0 results are empty lists; a negative, broken or textual number is refused",
    ],
    "nothing matches, no ids": ["ids and filters restrict a query; what they leave is told whole"],
    "no vectors, nothing included": ["a query of nothing, or with nothing included, tells ids alone"],
    "filters are exact": [
      "a filtered query gives as many as are asked for, and the nearest where few are left",
    ],
    "rows()": ["rows() puts the columns of each hit together"],
  },

  distances: {
    "three formulas": [
      "l2 is squared, ip is 1 - dot, cosine is 1 - cos, and 1 for a vector of zero",
      "l2: every distance and their order are those of an exact computation",
      "cosine: every distance and their order are those of an exact computation",
      "ip: every distance and their order are those of an exact computation",
    ],
    "zero vectors": ["a zero vector is at cosine distance 1 of everything, stored or asked for"],
    overflow: ["a distance that overflows is null: last for l2, first for ip"],
    ties: ["equal distances come in insertion order"],
    "vectors of cosine": [
      "vectors of a cosine collection",
      "vectors of a cosine collection come back as they were given",
    ],
    "more than the breadth": ["a query for most of a large collection misses nothing"],
    "after many deletes": ["after most records were deleted the others are all found"],
    recall: ["test/vectors"],
  },
};

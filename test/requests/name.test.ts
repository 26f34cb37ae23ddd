// CHROMA.md 3.1 and 3.7: texts captured from Chroma's server 1.3.4.

import { describe, expect, test } from "vitest";
import { parseCreateCollection, parseUpdateCollection } from "../../worker/requests/collection.ts";
import { parseCreateDatabase, parseCreateTenant, parseUpdateTenant } from "../../worker/requests/tenancy.ts";
import { invalid, refusal, unfit } from "./errors.ts";

const charset = (name: string) =>
  "Expected a name containing 3-512 characters from [a-zA-Z0-9._-], " +
  `starting and ending with a character in [a-zA-Z0-9]. Got: ${name}`;

const create = (name: unknown) => refusal(() => parseCreateCollection({ name }));

describe("the name of a collection", () => {
  test.each(["abc", "a.b", "1.2.3", "999.1.1.1", "01.2.3.4", "a".repeat(512), "ABC_d-e", "abc+def"])(
    "may be %s",
    (name) => {
      expect(parseCreateCollection({ name }).name).toBe(name);
    },
  );

  test.each(["", "ab", "_abc", "abc_", "a b c", "ééé", "abc\n", "\0ab", "...", "a".repeat(513)])(
    "is refused for its characters or length: %j",
    (name) => {
      expect(create(name)).toEqual(invalid(`Validation error: name: ${charset(name)}`));
    },
  );

  test("has no two periods in a row", () => {
    expect(create("a..b")).toEqual(
      invalid(
        "Validation error: name: Expected a name that does not contains two consecutive periods (..). Got a..b",
      ),
    );
  });

  test("is no IPv4 address", () => {
    const text = "Validation error: name: Expected a name that is not a valid ip address. Got 192.168.1.1";
    expect(create("192.168.1.1")).toEqual(invalid(text));
  });

  test("may be two names joined by one plus, each valid by itself", () => {
    expect(create("a+b")).toEqual(invalid(`Validation error: name: ${charset("a")}`));
    expect(create("abc+")).toEqual(invalid(`Validation error: name: ${charset("")}`));
    expect(create("abc+a..b")).toEqual(
      invalid(
        "Validation error: name: Expected a name that does not contains two consecutive periods (..). Got a..b",
      ),
    );
    expect(create("abc+def+ghi")).toEqual(
      invalid(
        "Validation error: name: Expected a name to contain at most one topology:  Got two `+` characters.",
      ),
    );
    expect(create(`${"a".repeat(511)}+abc`)).toEqual(
      invalid("Validation error: name: Expected a name containing 3-512 characters. Got: 515"),
    );
  });

  test("is a string", () => {
    expect(create(5)).toEqual(unfit("name: invalid type: integer `5`, expected a string"));
    expect(create(null)).toEqual(unfit("name: invalid type: null, expected a string"));
    expect(create(undefined)).toEqual(unfit("missing field `name`"));
  });

  test("follows the same rule when it changes", () => {
    expect(refusal(() => parseUpdateCollection({ new_name: "ab" }))).toEqual(
      invalid(`Validation error: new_name: ${charset("ab")}`),
    );
    expect(parseUpdateCollection({ new_name: null })).toEqual({});
  });
});

test("the name of a database follows the rule without the field in front of the text", () => {
  expect(parseCreateDatabase({ name: "abc" })).toEqual({ name: "abc" });
  expect(refusal(() => parseCreateDatabase({ name: "ab" }))).toEqual(invalid(charset("ab")));
  expect(refusal(() => parseCreateDatabase({}))).toEqual(unfit("missing field `name`"));
});

test("the name of a tenant has three characters, whichever they are", () => {
  for (const name of ["abc", " !/", "😀😀😀", "x".repeat(600)]) {
    expect(parseCreateTenant({ name })).toEqual({ name });
  }
  for (const name of ["", "ab", "éé", "😀😀"]) {
    const details = `{"value": String("${name}"), "min": Number(3)}`;
    expect(refusal(() => parseCreateTenant({ name }))).toEqual(
      invalid(`Validation error: name: Validation error: length [${details}]`),
    );
  }
});

test("a tenant's resource name is a string", () => {
  expect(parseUpdateTenant({ resource_name: "r" })).toEqual({ resourceName: "r" });
  expect(refusal(() => parseUpdateTenant({}))).toEqual(unfit("missing field `resource_name`"));
});

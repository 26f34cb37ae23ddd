// Filters on documents: substrings and regular expressions in Rust's dialect.

import type { WhereDocument } from "chromadb";
import { expect } from "vitest";
import type { Collection } from "../../../src/index.ts";
import type { Place } from "../place.ts";
import { refusal } from "../refusal.ts";
import type { Facts } from "../semantics.ts";

const documents: Record<string, string | undefined> = {
  tea: "Green Tea, 80%",
  under: "snake_case and back\\slash",
  lines: "first\nsecond line",
  emoji: "moon 🌕 and käse",
  decomposed: "ka\u0308se",
  quote: 'it\'s "quoted"',
  empty: "",
  none: undefined,
};

async function createDocuments(place: Place): Promise<Collection> {
  const notes = await place.createNotes();
  const ids = Object.keys(documents);
  const withDocument = ids.filter((id) => documents[id] !== undefined);
  await notes.add({
    ids: withDocument,
    embeddings: withDocument.map((_, i) => [i, 0]),
    documents: withDocument.map((id) => documents[id] ?? ""),
  });
  await notes.add({ ids: ["none"], embeddings: [[9, 9]] });
  return notes;
}

export function whereDocumentFacts({ fact }: Facts): void {
  const finds = (name: string, cases: readonly (readonly [WhereDocument, string[]])[]): void =>
    fact(name, async (place) => {
      await createDocuments(place);
      await place.keeps(async (kept) => {
        for (const [whereDocument, ids] of cases) {
          expect((await kept.get({ whereDocument })).ids, JSON.stringify(whereDocument)).toEqual(ids);
        }
      });
    });
  const all = Object.keys(documents);
  const without = (...left: string[]): string[] => all.filter((id) => !left.includes(id));

  finds("$contains finds a substring, case and composition counting", [
    [{ $contains: "Tea" }, ["tea"]],
    [{ $contains: "tea" }, []],
    [{ $contains: "80%" }, ["tea"]],
    [{ $contains: "%" }, ["tea"]],
    [{ $contains: "e_c" }, ["under"]],
    [{ $contains: "e c" }, []],
    [{ $contains: "k\\s" }, ["under"]],
    [{ $contains: "t\ns" }, ["lines"]],
    [{ $contains: "🌕" }, ["emoji"]],
    [{ $contains: "käse" }, ["emoji"]],
    [{ $contains: "ka\u0308se" }, ["decomposed"]],
    [{ $contains: "'s \"" }, ["quote"]],
    [{ $contains: "t" }, ["lines", "quote"]],
    [{ $contains: "" }, without("none")],
  ]);

  finds("$not_contains finds the others, also records without a document", [
    [{ $not_contains: "e" }, ["empty", "none"]],
    [{ $not_contains: "moon" }, without("emoji")],
    [{ $not_contains: "" }, ["none"]],
  ]);

  finds("$and and $or nest", [
    [{ $and: [{ $contains: "and" }, { $not_contains: "moon" }] }, ["under"]],
    [{ $or: [{ $contains: "Tea" }, { $contains: "moon" }] }, ["tea", "emoji"]],
    [
      { $and: [{ $or: [{ $contains: "a" }, { $regex: "^f" }] }, { $not_contains: "_" }] },
      without("under", "empty", "none", "quote"),
    ],
  ]);

  finds("$regex is Rust's dialect, anywhere in the text", [
    [{ $regex: "(?i)tea" }, ["tea"]],
    [{ $regex: "\\d{2}%" }, ["tea"]],
    [{ $regex: "^first$" }, []],
    [{ $regex: "(?m)^first$" }, ["lines"]],
    [{ $regex: "first.second" }, []],
    [{ $regex: "(?s)first.second" }, ["lines"]],
    [{ $regex: "\\bline\\b" }, ["lines"]],
    [{ $regex: "k\\wse" }, ["emoji"]],
    [{ $regex: "moon .{1} and" }, ["emoji"]],
    [{ $regex: "\\p{Emoji_Presentation}|\\x{1F315}" }, ["emoji"]],
    [{ $regex: "" }, without("none")],
    [{ $regex: "^$" }, ["empty"]],
    [{ $not_regex: "[a-z]" }, ["empty", "none"]],
  ]);

  fact("a pattern with look-around, a backreference or a bad bracket is a syntax error", async (place) => {
    const notes = await createDocuments(place);
    for (const $regex of ["(?=a)", "(?<!a)b", "(a)\\1", "[a", "(", "a{2,1}", "*"]) {
      expect(await refusal(notes.get({ whereDocument: { $regex } })), $regex).toMatch(
        /^ChromaClientError: 400: Regex syntax errror: /,
      );
    }
  });

  fact("a pattern that explodes elsewhere takes linear time", async (place) => {
    const notes = await place.createNotes();
    await notes.add({ ids: ["a"], embeddings: [[1, 2]], documents: [`${"a".repeat(20_000)}!`] });
    expect((await notes.get({ whereDocument: { $regex: "^(a+)+$" } })).ids).toEqual([]);
    expect((await notes.get({ whereDocument: { $regex: "^(a+)+!$" } })).ids).toEqual(["a"]);
  });

  fact("what is no clause is refused, by the client where it looks", async (place) => {
    const notes = await createDocuments(place);
    const refused = (whereDocument: unknown): Promise<string> =>
      refusal(notes.get({ whereDocument: whereDocument as WhereDocument }));
    expect(await refused({})).toContain(
      "ChromaValueError: Expected 'whereDocument' to have exactly one operator",
    );
    expect(await refused({ $like: "x" })).toContain("but got $like");
    expect(await refused({ $and: [{ $contains: "a" }] })).toContain("a list with at least two");
    expect(await refused({ $contains: 7 })).toBe("ChromaClientError: 400: Invalid where document clause");
    expect(await refused({ $matches: "x" })).toBe("ChromaClientError: 400: Invalid where document clause");
  });

  fact("documents, metadata and ids are all to match", async (place) => {
    const notes = await createDocuments(place);
    await notes.update({ ids: ["tea", "emoji"], metadatas: [{ kind: "x" }, { kind: "x" }] });
    await place.keeps(async (kept) => {
      const where = { kind: "x" };
      const whereDocument = { $contains: "and" };
      expect((await kept.get({ where, whereDocument })).ids).toEqual(["emoji"]);
      expect((await kept.get({ where, whereDocument, ids: ["tea", "none"] })).ids).toEqual([]);
      const { ids } = await kept.query({ queryEmbeddings: [[0, 0]], where, whereDocument });
      expect(ids).toEqual([["emoji"]]);
    });
  });

  fact("a changed document is found by its new text alone", async (place) => {
    const notes = await createDocuments(place);
    await notes.update({
      ids: ["tea", "none"],
      documents: ["coffee", "cocoa"],
      embeddings: [
        [1, 1],
        [2, 2],
      ],
    });
    await notes.delete({ ids: ["emoji"] });
    await place.keeps(async (kept) => {
      const find = async ($contains: string): Promise<string[]> =>
        (await kept.get({ whereDocument: { $contains } })).ids;
      expect([await find("Tea"), await find("coffee"), await find("cocoa"), await find("moon")]).toEqual([
        [],
        ["tea"],
        ["none"],
        [],
      ]);
    });
  });
}

// Values chosen to break something: escapes of SQL, JSON and paths, names of JavaScript's own, big texts.

import { expect } from "vitest";
import { refusal } from "../refusal.ts";
import type { Facts } from "../semantics.ts";

const hostile = [
  "a\0b",
  "\0",
  "__proto__",
  "constructor",
  "toString",
  "' OR 1=1; DROP TABLE records; --",
  '"quoted" \\ back\\slash',
  "%_*?[]{}()",
  "😀👩‍👩‍👧‍👦\u202E\u200B\uFEFF",
  "\uFFFD\uFFFF\u{10FFFF}",
  "\uFEFFbegins with a byte order mark",
  "line\r\nfeed\ttab\u2028\u2029",
  "null",
  "NaN",
  " leading and trailing ",
];

export function hostileFacts({ fact, differs }: Facts): void {
  fact("any text is kept as id, document, uri and value, and found by each filter", async (place) => {
    const notes = await place.createNotes();
    await notes.add({
      ids: hostile,
      embeddings: hostile.map((_, i) => [i, 1]),
      documents: hostile,
      uris: hostile,
      metadatas: hostile.map((text) => ({ text, texts: [text, "other"] })),
    });
    await place.keeps(async (kept) => {
      const all = await kept.get({ include: ["documents", "metadatas", "uris"] });
      expect(all.ids).toEqual(hostile);
      expect(all.documents).toEqual(hostile);
      expect(all.uris).toEqual(hostile);
      expect(all.metadatas.map((metadata) => metadata?.["text"])).toEqual(hostile);
      for (const text of hostile) {
        expect((await kept.get({ where: { text } })).ids).toEqual([text]);
        expect((await kept.get({ where: { texts: { $contains: text } } })).ids).toEqual([text]);
        expect((await kept.get({ where: { text: { $in: [text] } } })).ids).toEqual([text]);
        if (text.includes("\0")) continue;
        const { ids } = await kept.get({ whereDocument: { $contains: text } });
        expect(ids).toEqual(hostile.filter((other) => other.includes(text)));
      }
    });
  });

  differs("nul-in-documents", "a document is searched beyond a NUL, and for one", async (place) => {
    const notes = await place.createNotes();
    const documents = ["a\0b", "ab", "\0"];
    await notes.add({ ids: ["a0b", "ab", "0"], embeddings: documents.map((_, i) => [i, 1]), documents });
    await place.keeps(async (kept) => {
      const find = async ($contains: string): Promise<string[]> =>
        (await kept.get({ whereDocument: { $contains } })).ids;
      expect(await find("\0")).toEqual(["a0b", "0"]);
      expect(await find("\0b")).toEqual(["a0b"]);
      expect(await find("b")).toEqual(["a0b", "ab"]);
    });
  });

  fact("any key but the official client's blind spot is kept and found", async (place) => {
    const keys = hostile.filter((key) => key !== "__proto__");
    const notes = await place.createNotes();
    await notes.add({
      ids: keys.map((_, i) => `id-${i}`),
      embeddings: keys.map((_, i) => [i, 1]),
      metadatas: keys.map((key) => ({ [key]: "value" })),
    });
    await place.keeps(async (kept) => {
      for (const [i, key] of keys.entries()) {
        expect((await kept.get({ where: { [key]: "value" } })).ids).toEqual([`id-${i}`]);
      }
      expect((await kept.get()).metadatas).toEqual(keys.map((key) => ({ [key]: "value" })));
    });
  });

  differs("proto-key", "a key __proto__ is a key like any other, and changes no prototype", async (place) => {
    const notes = await place.createNotes();
    const metadata = JSON.parse('{"__proto__": ["x"], "a": 1}') as Record<string, number>;
    await notes.add({ ids: ["a"], embeddings: [[1, 2]], metadatas: [metadata] });
    await place.keeps(async (kept) => {
      const [got] = (await kept.get()).metadatas;
      const [[queried]] = (await kept.query({ queryEmbeddings: [[1, 2]] })).metadatas as [[object]];
      for (const told of [got, queried]) {
        expect(new Map(Object.entries(told ?? {}))).toEqual(new Map(Object.entries(metadata)));
        expect(Object.getPrototypeOf(told)).toBe(Object.prototype);
      }
      const where = JSON.parse('{"__proto__": {"$contains": "x"}}') as Record<string, string>;
      expect((await kept.get({ where })).ids).toEqual(["a"]);
    });
    const kept = await place.client.getCollection({ name: "notes" });
    await kept.update({ ids: ["a"], metadatas: [JSON.parse('{"__proto__": null}') as object as never] });
    await place.keeps(async (after) => expect((await after.get()).metadatas).toEqual([{ a: 1 }]));
  });

  differs("proto-key", "in the metadata of a collection it is refused, not lost", async (place) => {
    const metadata = JSON.parse('{"__proto__": "x", "a": 1}') as Record<string, number>;
    const problem = "ChromaValueError: Expected metadata of a collection to have no key '__proto__'";
    const create = { name: "other", metadata, embeddingFunction: null };
    expect(await refusal(place.client.createCollection(create))).toBe(problem);
    expect(await refusal(place.client.getOrCreateCollection(create))).toBe(problem);
    const notes = await place.createNotes();
    expect(await refusal(notes.modify({ metadata }))).toBe(problem);
    expect(notes.metadata).toBeUndefined();
    expect(await place.client.countCollections()).toBe(1);
  });

  fact("texts of a megabyte are kept and searched", async (place) => {
    const notes = await place.createNotes();
    const megabyte = "käse ".repeat(200_000);
    await notes.add({
      ids: ["large", "small"],
      embeddings: [
        [1, 2],
        [3, 4],
      ],
      documents: [`${megabyte}needle`, "small"],
      metadatas: [{ text: megabyte }, { text: "small" }],
      uris: [`data:,${megabyte}`, "file:small"],
    });
    await place.keeps(async (kept) => {
      const { ids, documents, metadatas, uris } = await kept.get({
        whereDocument: { $contains: "needle" },
        include: ["documents", "metadatas", "uris"],
      });
      expect(ids).toEqual(["large"]);
      expect(documents[0] === `${megabyte}needle`).toBe(true);
      expect(metadatas[0]?.["text"] === megabyte).toBe(true);
      expect(uris[0] === `data:,${megabyte}`).toBe(true);
      expect((await kept.get({ where: { text: megabyte }, include: [] })).ids).toEqual(["large"]);
    });
  });

  fact("keys of a megabyte are kept, found and told apart", async (place) => {
    const notes = await place.createNotes();
    const key = "käse ".repeat(200_000);
    const metadatas = [{ [`${key}a`]: 1 }, { [`${key}b`]: 1 }];
    await notes.add({ ids: ["a", "b"], embeddings: [[1], [2]], metadatas });
    await place.keeps(async (kept) => {
      expect((await kept.get({ where: { [`${key}b`]: 1 }, include: [] })).ids).toEqual(["b"]);
      const told = (await kept.get()).metadatas.map((metadata) => Object.keys(metadata ?? {}));
      expect(told.map(([name]) => name?.slice(-2))).toEqual([" a", " b"]);
      expect(told.map(([name]) => name?.length)).toEqual([key.length + 1, key.length + 1]);
    });
  });

  differs("large-metadata-arrays", "arrays of ten thousand values are kept in order", async (place) => {
    const notes = await place.createNotes();
    const tags = Array.from({ length: 10_000 }, (_, i) => `tag-${(i * 7919) % 10_007}`);
    await notes.add({ ids: ["a"], embeddings: [[1, 2]], metadatas: [{ tags }] });
    await place.keeps(async (kept) => {
      expect((await kept.get()).metadatas).toEqual([{ tags }]);
      expect((await kept.get({ where: { tags: { $contains: tags.at(-1)! } } })).ids).toEqual(["a"]);
    });
  });

  differs("lone-surrogates", "half a character is refused, and the place is named", async (place) => {
    const notes = await place.createNotes();
    const half = "\uD83D";
    const add = (record: object): Promise<string> =>
      refusal(notes.add({ ids: ["a"], embeddings: [[1, 2]], ...record }));
    const problem = "a string with a lone surrogate, expected well-formed Unicode";
    expect(await add({ ids: [half] })).toBe(`ChromaClientError: 400: ids[0]: ${problem}`);
    expect(await add({ documents: [half] })).toBe(`ChromaClientError: 400: documents[0]: ${problem}`);
    expect(await add({ metadatas: [{ a: half }] })).toContain(problem);
    expect(await add({ metadatas: [{ [half]: 1 }] })).toContain(problem);
    expect(await add({ metadatas: [{ a: ["x", half] }] })).toContain(problem);
    expect(await add({ uris: [half] })).toContain(problem);
    expect(await notes.count()).toBe(0);
    for (const where of [
      { a: half },
      { [half]: 1 },
      { a: { $in: ["x", half] } },
      { a: { $contains: half } },
    ]) {
      expect(await refusal(notes.get({ where }))).toBe("ChromaClientError: 400: Invalid where clause");
    }
    for (const whereDocument of [{ $contains: half }, { $regex: half }, { $not_contains: half }]) {
      expect(await refusal(notes.get({ whereDocument }))).toBe(
        "ChromaClientError: 400: Invalid where document clause",
      );
    }
    expect(await refusal(notes.get({ ids: [half] }))).toBe(`ChromaClientError: 400: ids[0]: ${problem}`);
    const create = { name: `notes-${half}`, embeddingFunction: null };
    expect(await refusal(place.client.createCollection(create))).toBe(
      `ChromaClientError: 400: name: ${problem}`,
    );
  });

  differs(
    "values-that-cannot-cross",
    "a function or a Proxy among the values is refused, and nothing is written",
    async (place) => {
      const notes = await place.createNotes();
      const proxy = <T extends object>(target: T): T => new Proxy(target, {});
      const records: object[] = [
        { ids: proxy(["a"]) },
        { documents: [(): number => 1] },
        { uris: [Symbol("x")] },
        { metadatas: [{ tags: proxy(["x"]) }] },
      ];
      for (const record of records) {
        expect(await refusal(notes.add({ ids: ["a"], embeddings: [[1, 2]], ...record }))).toMatch(
          /^ChromaValueError: Expected plain values, but got one that cannot be sent: /,
        );
      }
      expect(await notes.count()).toBe(0);
      await notes.add({ ids: ["a"], embeddings: [[1, 2]] });
      expect(await notes.count()).toBe(1);
    },
  );

  differs(
    "values-that-cannot-cross",
    "a value that is another at each look is checked as it was stored",
    async (place) => {
      const notes = await place.createNotes();
      const values: unknown[] = [1, { nested: true }, 2, (): number => 3];
      let looks = 0;
      const metadata = {
        get n(): number {
          return values[looks++ % values.length] as number;
        },
      };
      for (let i = 0; i < 8; i += 1)
        await refusal(notes.add({ ids: [`${i}`], embeddings: [[1, 2]], metadatas: [metadata] }));
      await place.keeps(async (kept) => {
        for (const told of (await kept.get()).metadatas) expect([1, 2]).toContain(told?.["n"]);
      });
    },
  );

  differs("values-that-cannot-cross", "metadata that is a text or a list is refused", async (place) => {
    const notes = await place.createNotes();
    for (const metadata of ["text", ["text"]] as unknown as Record<string, string>[]) {
      expect(await refusal(notes.add({ ids: ["a"], embeddings: [[1, 2]], metadatas: [metadata] }))).toMatch(
        /^ChromaValueError: Expected each metadata to be an object, but got /,
      );
    }
    expect(await notes.count()).toBe(0);
  });

  fact("what a caller does with its arguments after a call does not matter", async (place) => {
    const notes = await place.createNotes();
    const record = {
      ids: ["a"],
      embeddings: [[1, 2]],
      documents: ["text"],
      metadatas: [{ n: 1, tags: ["x"] }],
    };
    const added = notes.add(record);
    await added;
    record.embeddings[0]![0] = 99;
    record.metadatas[0]!.tags.push("y");
    const told = await notes.get();
    told.metadatas[0]!["n"] = 99;
    await place.keeps(async (kept) => {
      const { metadatas, embeddings } = await kept.get({ include: ["metadatas", "embeddings"] });
      expect(metadatas).toEqual([{ n: 1, tags: ["x"] }]);
      expect(embeddings).toEqual([[1, 2]]);
    });
  });
}

// Clients that share a path, what closing means, and resetting. For backends whose data lasts.

import { expect } from "vitest";
import { close } from "../place.ts";
import { refusal } from "../refusal.ts";
import type { Facts } from "../semantics.ts";

const plain = { embeddingFunction: null };
const closed = "ChromaliteError: The client is closed";

export function clientFacts({ fact }: Facts): void {
  fact("what one client of a path wrote, the other reads at once", async (place) => {
    const notes = await place.createNotes();
    const other = place.start();
    const same = await other.getCollection({ name: "notes" });
    await notes.add({ ids: ["a"], embeddings: [[1, 2]] });
    expect(await same.count()).toBe(1);
    await same.add({ ids: ["b"], embeddings: [[3, 4]] });
    expect((await notes.get()).ids).toEqual(["a", "b"]);
    await other.deleteCollection({ name: "notes" });
    expect(await refusal(notes.count())).toContain("ChromaNotFoundError");
  });

  fact("clients that write at once lose nothing to each other", async (place) => {
    await place.createNotes();
    const clients = [place.client, place.start(), place.start()];
    const writes = clients.map(async (client, c) => {
      const notes = await client.getCollection({ name: "notes" });
      for (let i = 0; i < 20; i++) await notes.add({ ids: [`${c}-${i}`], embeddings: [[c, i]] });
    });
    await Promise.all(writes);
    await place.keeps(async (kept) => expect(await kept.count()).toBe(60));
  });

  fact("closing one client leaves the others, and the last one's data stays", async (place) => {
    const notes = await place.createNotes();
    const other = place.start();
    await other.heartbeat();
    await close(other);
    await notes.add({ ids: ["a"], embeddings: [[1, 2]] });
    expect(await refusal(other.heartbeat())).toBe(closed);
    await place.keeps(async (kept) => expect((await kept.get()).ids).toEqual(["a"]));
  });

  fact("after closing every call is refused, and closing again does nothing", async (place) => {
    const notes = await place.createNotes();
    const { client } = place;
    await Promise.all([close(client), close(client)]);
    for (const call of [
      () => client.listCollections(),
      () => client.createCollection({ name: "more", ...plain }),
      () => notes.add({ ids: ["a"], embeddings: [[1, 2]] }),
      () => notes.get(),
      () => notes.query({ queryEmbeddings: [[1, 2]] }),
    ]) {
      expect(await refusal(call())).toBe(closed);
    }
  });

  fact("what was acknowledged before closing is there, what was refused is not", async (place) => {
    const notes = await place.createNotes();
    const ids = Array.from({ length: 40 }, (_, i) => `id-${i}`);
    const adds = ids.map((id, i) => refusal(notes.add({ ids: [id], embeddings: [[i, 0]] })));
    await adds[10];
    await close(place.client);
    const outcomes = await Promise.all(adds);
    expect(new Set([...outcomes, "accepted", closed])).toEqual(new Set(["accepted", closed]));
    await place.reopen();
    const kept = await place.client.getCollection({ name: "notes" });
    expect((await kept.get()).ids).toEqual(ids.filter((_, i) => outcomes[i] === "accepted"));
  });

  fact("a path that is opened and closed again and again keeps every record", async (place) => {
    await place.createNotes();
    for (let i = 0; i < 8; i++) {
      const notes = await place.client.getCollection({ name: "notes" });
      await notes.upsert({
        ids: ["same", `id-${i}`],
        embeddings: [
          [i, i],
          [i, 0],
        ],
        metadatas: [{ i }, { i }],
      });
      if (i > 0) await notes.delete({ ids: [`id-${i - 1}`] });
      await place.reopen();
    }
    await place.keeps(async (kept) => {
      const { ids, metadatas, embeddings } = await kept.get({ include: ["metadatas", "embeddings"] });
      expect(ids).toEqual(["same", "id-7"]);
      expect(metadatas).toEqual([{ i: 7 }, { i: 7 }]);
      expect(embeddings).toEqual([
        [7, 7],
        [7, 0],
      ]);
    });
  });

  fact("clients of one path have one setting", async (place) => {
    await place.client.heartbeat();
    const other = place.start({ settings: { allowReset: true } });
    expect(await refusal(other.heartbeat())).toMatch(
      /^ChromaValueError: An instance of Chroma already exists for .* with different settings$/,
    );
  });

  fact("a reset that the settings allow empties the path, and it can be filled anew", async (place) => {
    const old = await place.createNotes();
    await old.add({ ids: ["a"], embeddings: [[1, 2]] });
    await place.reopen({ settings: { allowReset: true } });
    await place.client.reset();
    expect(await place.client.countCollections()).toBe(0);
    expect(await refusal(old.count())).toBe(closed);
    const notes = await place.createNotes();
    await notes.add({ ids: ["b"], embeddings: [[1, 2, 3]] });
    await place.keeps(async (kept) => expect((await kept.get()).ids).toEqual(["b"]));
  });
}

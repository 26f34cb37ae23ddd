// A long write tells how far it is and can be given up, whatever the engine runs in.

import { expect, test } from "vitest";
import type { Collection, Progress } from "../../src/index.ts";
import type { LocalClient } from "../../src/clients/local-client.ts";

const MANY = 40_000;

function manyRecords() {
  const ids = Array.from({ length: MANY }, (_, i) => `id-${i}`);
  const embeddings = ids.map((_, i) => Float32Array.of(i, 1, 2, 3));
  return { ids, embeddings, metadatas: ids.map((_, i) => ({ number: i, half: i / 2 })) };
}

export function runLongWrites(open: () => LocalClient): void {
  const withNotes = async (use: (notes: Collection) => Promise<void>): Promise<void> => {
    await using client = open();
    const name = `notes-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
    await use(await client.createCollection({ name, embeddingFunction: null }));
  };

  test("a long add reports records on their way, in order, and all of them at the end", async () => {
    await withNotes(async (notes) => {
      const reports: Progress[] = [];
      await notes.add(manyRecords(), { onProgress: (progress) => void reports.push(progress) });
      expect(reports.at(-1)).toEqual({ done: MANY, total: MANY });
      const dones = reports.map(({ done }) => done);
      expect(dones).toEqual([...new Set(dones)].toSorted((a, b) => a - b));
      expect(dones.some((done) => done > 0 && done < MANY)).toBe(true);
      expect(await notes.count()).toBe(MANY);
    });
  });

  test("a long upsert that is given up on its way rejects with the reason, and leaves what was there", async () => {
    await withNotes(async (notes) => {
      await notes.add({ ids: ["id-5"], embeddings: [[9, 9, 9, 9]], metadatas: [{ number: -1 }] });
      const aborting = new AbortController();
      const reason = new Error("changed my mind");
      const onProgress = ({ done }: Progress): void => {
        if (done < MANY) aborting.abort(reason);
      };
      const { signal } = aborting;
      await expect(notes.upsert(manyRecords(), { signal, onProgress })).rejects.toBe(reason);
      const left = await notes.get({ include: ["embeddings", "metadatas"] });
      expect(left).toMatchObject({ ids: ["id-5"], embeddings: [[9, 9, 9, 9]], metadatas: [{ number: -1 }] });
      await notes.upsert({ ids: ["id-6"], embeddings: [[1, 2, 3, 4]] });
      expect((await notes.query({ queryEmbeddings: [[1, 2, 3, 4]], nResults: 1 })).ids).toEqual([["id-6"]]);
    });
  });

  test("a write can be given up while closing the client waits for it", async () => {
    const client = open();
    const name = `notes-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
    const notes = await client.createCollection({ name, embeddingFunction: null });
    const aborting = new AbortController();
    let closing: Promise<void> | undefined;
    const onProgress = ({ done }: Progress): void => {
      if (done === MANY) return;
      closing ??= client.close();
      aborting.abort(new Error("changed my mind"));
    };
    const { signal } = aborting;
    await expect(notes.add(manyRecords(), { signal, onProgress })).rejects.toThrow("changed my mind");
    await closing;
    await expect(notes.count()).rejects.toMatchObject({ code: "closed" });
  });

  test("what onProgress throws gives the write up, and is what the call rejects with", async () => {
    await withNotes(async (notes) => {
      const error = new Error("the progress bar is gone");
      const onProgress = (): void => {
        throw error;
      };
      await expect(notes.add(manyRecords(), { onProgress })).rejects.toBe(error);
      expect(await notes.count()).toBe(0);
    });
  });

  test("a short write reports its end alone", async () => {
    await withNotes(async (notes) => {
      const reports: Progress[] = [];
      const onProgress = (progress: Progress): void => void reports.push(progress);
      await notes.add({ ids: ["a", "b"], embeddings: [[1], [2]] }, { onProgress });
      expect(reports).toEqual([{ done: 2, total: 2 }]);
    });
  });
}

// A path of which one file is gone, as a partial copy or somebody's hand leaves it: it is told, never taken for a
// path that has less. What was interrupted while it made its first files is a new path.

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { pathFiles } from "../../worker/path/open-path.ts";
import { openStorage } from "../../worker/storage/open-storage.ts";
import { EngineClient } from "../engine/engine-client.ts";
import { macrotask } from "../../worker/engine/macrotask.ts";

vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), "chromalite-missing-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const open = (path: string, idleMs = 1e6): Promise<EngineClient> =>
  EngineClient.open(() => openStorage({ path, files: pathFiles }), { idleMs });

async function add(client: EngineClient, id: string, ...ids: string[]): Promise<void> {
  for (const each of ids) await client.write("add", id, { ids: [each], embeddings: [[1, 2]] });
}

/** What is in the log alone, and what lies half in the data file. */
const histories = {
  "before its first checkpoint": async (path: string) => {
    const client = await open(path);
    await add(client, await client.createCollection("notes"), "a", "b", "c");
    await client.close();
  },
  "after a checkpoint": async (path: string) => {
    const client = await open(path, 0);
    const id = await client.createCollection("notes");
    await add(client, id, "a", "b");
    for (let turn = 0; turn < 2000; turn++) await macrotask();
    await add(client, id, "c");
    await client.close();
  },
};

for (const [when, fill] of Object.entries(histories)) {
  test.each(pathFiles)(`${when} a path without %s is refused, naming it, until it is back`, async (file) => {
    const path = mkdtempSync(join(folder, "path-"));
    await fill(path);
    const aside = join(folder, "aside");
    copyFileSync(join(path, file), aside);
    rmSync(join(path, file));
    for (let opening = 0; opening < 2; opening++) {
      await expect(open(path)).rejects.toMatchObject({
        code: "corrupt",
        message: expect.stringContaining(`"${file}"`) as string,
        details: { file },
      });
      expect(existsSync(join(path, file))).toBe(false);
    }
    copyFileSync(aside, join(path, file));
    const client = await open(path);
    expect((await client.get(await client.collectionId("notes"))).ids).toEqual(["a", "b", "c"]);
    await client.close();
  });
}

test("whichever files there are without a byte, the path is new", async () => {
  for (let present = 0; present < 2 ** pathFiles.length; present++) {
    const path = join(folder, `begun-${present}`);
    mkdirSync(path);
    const made = pathFiles.filter((_, i) => (present & (1 << i)) !== 0);
    for (const file of made) writeFileSync(join(path, file), "");
    const client = await open(path);
    expect(await client.listCollections()).toEqual([]);
    await client.createCollection("notes");
    await client.close();
    expect(readdirSync(path)).toEqual(expect.arrayContaining([...pathFiles]));
  }
});

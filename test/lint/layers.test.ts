// The canary of the layer rules: a pattern of no-restricted-imports that matches nothing looks like
// a rule that is kept. One import that must be refused, and one that must not, for every layer.

import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** For each folder: imports that its rule refuses, and imports that it lets through. */
const layers: { readonly [file: string]: { readonly refused: string[]; readonly allowed: string[] } } = {
  "src/protocol/planted.ts": {
    refused: ["comlink", "chromadb", "node:fs", "../transport/pack.ts", "../../worker/bitset.ts"],
    allowed: ["./operation.ts"],
  },
  "src/transport/planted.ts": {
    refused: ["../clients/types.ts", "../index.ts", "../embed/embedder.ts", "../../worker/bitset.ts"],
    allowed: ["./pack.ts", "../protocol/operation.ts", "comlink"],
  },
  "src/clients/planted.ts": {
    refused: ["../index.ts", "../embed/embedder.ts", "../../worker/main.ts"],
    allowed: ["./types.ts", "../protocol/operation.ts", "../transport/pack.ts"],
  },
  "src/embed/planted.ts": {
    refused: ["../clients/types.ts", "../../worker/bitset.ts"],
    allowed: ["./table.ts"],
  },
  "src/planted.ts": { refused: ["../worker/main.ts", "../wasm/hnsw.ts"], allowed: ["./clients/types.ts"] },
  "worker/planted.ts": {
    refused: ["../src/index.ts", "../src/transport/pack.ts", "../src/clients/types.ts"],
    allowed: ["../src/protocol/operation.ts", "./engine/engine.ts", "../wasm/hnsw.ts"],
  },
  "worker/engine/planted.ts": {
    refused: ["../main.ts", "../serve.ts", "../../src/transport/pack.ts"],
    allowed: ["../catalog/catalog.ts", "../msgpack/encode.ts", "../../src/protocol/operation.ts"],
  },
  "worker/archive/planted.ts": {
    refused: ["../engine/engine.ts", "../catalog/catalog.ts", "../main.ts", "../../src/clients/types.ts"],
    allowed: ["../path/freeze.ts", "../data/root.ts", "../storage/storage.ts", "../checksum.ts"],
  },
  "worker/catalog/planted.ts": {
    refused: ["../engine/engine.ts", "../collection/collection.ts", "../storage/storage.ts"],
    allowed: ["../requests/shape.ts"],
  },
  "worker/collection/planted.ts": {
    refused: ["../engine/engine.ts", "../catalog/catalog.ts", "../storage/storage.ts", "../log/log.ts"],
    allowed: ["../rows/shard.ts", "../vectors/vectors.ts", "../path/path.ts", "../bitset.ts"],
  },
  "worker/requests/planted.ts": {
    refused: ["../engine/engine.ts", "../rows/shard.ts", "../../src/clients/types.ts"],
    allowed: ["../../src/protocol/operation.ts"],
  },
  "worker/rows/planted.ts": {
    refused: [
      "../collection/collection.ts",
      "../vectors/vectors.ts",
      "../data/blob.ts",
      "../../wasm/hnsw.ts",
    ],
    allowed: ["../bitset.ts", "../change.ts"],
  },
  "worker/vectors/planted.ts": {
    refused: ["../collection/collection.ts", "../rows/shard.ts", "../storage/storage.ts"],
    allowed: ["../../wasm/hnsw.ts", "../bitset.ts"],
  },
  "worker/path/planted.ts": {
    refused: ["../collection/collection.ts", "../rows/shard.ts", "../engine/engine.ts"],
    allowed: ["../log/log.ts", "../data/root.ts", "../storage/storage.ts"],
  },
  "worker/log/planted.ts": {
    refused: ["../path/path.ts", "../data/root.ts"],
    allowed: ["../storage/storage.ts", "../checksum.ts"],
  },
  "worker/msgpack/planted.ts": {
    refused: ["../bitset.ts", "../data/blob.ts", "../../src/transport/pack.ts"],
    allowed: ["./decode.ts", "../../src/protocol/failure.ts"],
  },
  "worker/regex/planted.ts": {
    refused: ["../rows/rows.ts", "../bitset.ts"],
    allowed: ["./rust-regex.ts", "re2js"],
  },
  "worker/data/planted.ts": {
    refused: ["../path/path.ts", "../log/log.ts"],
    allowed: ["../storage/storage.ts", "../checksum.ts"],
  },
  "worker/storage/planted.ts": {
    refused: ["../log/log.ts", "../data/root.ts", "../engine/engine.ts", "../../src/transport/pack.ts"],
    allowed: ["../../src/protocol/failure.ts", "../checksum.ts"],
  },
  "service-worker/planted.ts": {
    refused: [
      "../worker/main.ts",
      "../worker/load-sql.ts",
      "../src/index.ts",
      "../src/transport/engine-worker.ts",
    ],
    allowed: ["../http/api.ts", "../worker/records.ts", "../worker/engine/engine.ts", "../wasm/load.ts"],
  },
  "http/planted.ts": {
    refused: ["node:http", "chromadb", "../worker/bitset.ts", "../src/clients/types.ts", "../server/run.ts"],
    allowed: ["./api.ts", "./json/write-json.ts", "hono/tiny", "../src/protocol/operation.ts"],
  },
  "http/json/planted.ts": {
    refused: ["../../worker/bitset.ts", "../../src/transport/error-codec.ts", "node:buffer"],
    allowed: ["./json-reader.ts", "../../src/protocol/metadata.ts", "../../src/transport/f32-decimal.ts"],
  },
  "server/planted.ts": {
    refused: ["../worker/main.ts", "../src/index.ts", "../wasm/hnsw.ts"],
    allowed: ["./run.ts", "node:http", "../http/api.ts", "../src/clients/path.ts"],
  },
  "wasm/planted.ts": {
    refused: ["../worker/vectors/vectors.ts", "../src/transport/pack.ts"],
    allowed: ["../src/protocol/failure.ts"],
  },
};

let folder: string;
let refusedByFile: Map<string, string[]>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "chromalite-layers-"));
  await copyFile(join(root, ".oxlintrc.json"), join(folder, ".oxlintrc.json"));
  for (const [file, { refused, allowed }] of Object.entries(layers)) {
    // One import a line: the line of a finding tells which it is about.
    const lines = [...refused, ...allowed].map((path, index) => `export * as n${index} from "${path}";`);
    await plant(file, lines.join("\n"));
  }
  await plant(
    "worker/log/one.ts",
    'import { two } from "./two.ts";\nexport const one = (): number => two;\n',
  );
  await plant("worker/log/two.ts", 'import { one } from "./one.ts";\nexport const two: number = one();\n');
  refusedByFile = await findings("no-restricted-imports");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(Object.entries(layers))("%s may import what lies below, and nothing else", (file, { refused }) => {
  expect(refusedByFile.get(file)).toEqual(refused);
});

test("every folder of the source has a rule", async () => {
  const folders = ["src", "worker"].map(async (top) => {
    const entries = await readdir(join(root, top), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => `${top}/${name}`);
  });
  const covered = Object.keys(layers).map((file) => dirname(file));
  for (const name of (await Promise.all(folders)).flat()) expect(covered).toContain(name);
});

test("a cycle is refused", async () => {
  const cycles = await findings("no-cycle");
  expect([...cycles.keys()].sort()).toEqual(["worker/log/one.ts", "worker/log/two.ts"]);
});

async function plant(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), text);
}

interface Finding {
  readonly code: string;
  readonly filename: string;
  readonly labels: readonly { readonly span: { readonly line: number } }[];
}

/** What a rule finds in the planted files: the imports, or an empty text where the line is no plant. */
async function findings(rule: string): Promise<Map<string, string[]>> {
  const { diagnostics } = JSON.parse(await lint()) as { diagnostics: Finding[] };
  const found = new Map<string, string[]>();
  for (const { code, filename, labels } of diagnostics.filter((each) => each.code.includes(`(${rule})`))) {
    const { refused, allowed } = layers[filename] ?? { refused: [], allowed: [] };
    const path = [...refused, ...allowed][(labels[0]?.span.line ?? 0) - 1] ?? code;
    found.set(filename, [...(found.get(filename) ?? []), path]);
  }
  return found;
}

/** oxlint ends with 1 where it finds something, and something is to be found. */
function lint(): Promise<string> {
  const oxlint = join(root, "node_modules", "oxlint", "bin", "oxlint");
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [oxlint, "--format=json"],
      { cwd: folder, maxBuffer: 2 ** 24 },
      (_error, stdout) => resolve(stdout),
    );
  });
}

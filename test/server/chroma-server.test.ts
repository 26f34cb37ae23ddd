// Beside Chroma's real server: the document it serves, and what it says of texts that are no JSON.

import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseBody } from "../../http/body.ts";
import {
  chromaServerObstacle,
  startChromaServer,
  type ChromaServer,
} from "../chroma-server/chroma-server.ts";

const obstacle = await chromaServerObstacle();

if (obstacle === undefined) {
  let server: ChromaServer;
  beforeAll(async () => void (server = await startChromaServer()), 60_000);
  afterAll(() => server.stop());

  test("the document that we serve is the one that Chroma's server serves", async () => {
    const response = await fetch(`http://localhost:${server.port}/openapi.json`);
    const ours = await readFile(new URL("../../tools/openapi/chroma-openapi.json", import.meta.url), "utf8");
    // The server puts its parts in an order of the day.
    expect(await response.json()).toEqual(JSON.parse(ours));
  });

  test("texts that are no JSON are refused in the same words, at the same line and column", async () => {
    const sound = fc.json({ maxDepth: 3, noUnicodeString: true }).map((value) => `{"field":${value}}`);
    const noise = fc.constantFrom(...Array.from('{}[],:"\\ \n-+.eE019tfnu'), "\\u00e9", "\\ud800", "é");
    const broken = fc.tuple(sound, fc.nat(), fc.nat({ max: 2 }), noise).map(([text, seed, cut, insert]) => {
      const at = 1 + (seed % (text.length - 1));
      return text.slice(0, at) + insert + text.slice(at + cut);
    });
    await fc.assert(
      fc.asyncProperty(broken, async (body) => {
        expect(withoutPlaceOfRange(refusal(body))).toBe(withoutPlaceOfRange(await refusalOfServer(body)));
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  /** What the server says of a body; of a field that it does not know it reads no more than the syntax. */
  const refusalOfServer = async (body: string): Promise<string | undefined> => {
    const url = `http://localhost:${server.port}/api/v2/tenants/default_tenant/databases/default_database`;
    const response = await fetch(`${url}/collections/none/get`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    const { message } = (await response.json()) as { message: string };
    return message === "Collection ID is not a valid UUIDv4" ? undefined : message;
  };
} else {
  test.skip(`beside Chroma's real server: ${obstacle}`, () => undefined);
}

/** A number too large is refused by the server before its last digit is read, by us behind it. */
function withoutPlaceOfRange(refusal: string | undefined): string | undefined {
  return refusal?.replace(/(?<=number out of range) at line .*/, "");
}

function refusal(body: string): string | undefined {
  try {
    parseBody(body);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

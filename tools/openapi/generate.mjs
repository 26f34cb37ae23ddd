// Chroma's REST contract → src/protocol/chroma-api.ts: the types of every operation.
// The one change: where the contract has vectors as numbers or base64, ours are packed.
// The document is that of Chroma's server, Apache-2.0; see NOTICE.

import { writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";

const contract = new URL("chroma-openapi.json", import.meta.url);

const header = `// Generated from Chroma's REST contract by tools/openapi (npm run generate); not edited by hand.
// Vectors are packed; all else is as in the contract of Chroma's server 1.0.0, Apache-2.0.

`;

/** Where the contract has vectors, and what stands there instead. */
const packedTypes = new Map([
  ["#/components/schemas/EmbeddingsPayload", "PackedVectors"],
  ["#/components/schemas/UpdateEmbeddingsPayload", "PackedVectors"],
  ["#/components/schemas/QueryRequestPayload/query_embeddings", "PackedVectors"],
  ["#/components/schemas/GetResponse/embeddings", "PackedVectors | null"],
  ["#/components/schemas/QueryResponse/embeddings", "PackedVectors[] | null"],
]);

/** The text of the generated module. */
export async function generate() {
  const unseen = new Set(packedTypes.keys());
  const nodes = await openapiTS(contract, {
    inject: 'import type { PackedVectors } from "./operation.ts";\n',
    defaultNonNullable: false,
    transform(_schema, { path }) {
      const place = path?.replace("/properties/", "/");
      const type = place && packedTypes.get(place);
      if (!type) return undefined;
      unseen.delete(place);
      return ts.factory.createTypeReferenceNode(type);
    },
  });
  if (unseen.size > 0) throw new Error(`the contract has no ${[...unseen].join(", ")}`);
  return header + astToString(nodes);
}

if (process.argv[2] === "--print") process.stdout.write(await generate());
else await writeFile(new URL("../../src/protocol/chroma-api.ts", import.meta.url), await generate());

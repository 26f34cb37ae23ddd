// Which operations are served: those of Chroma's REST contract, and the server's second heartbeat.

import type { paths } from "../src/protocol/chroma-api.ts";
import type { Method } from "../src/protocol/operation.ts";

/** The methods that the contract has for a route. */
type MethodOf<Route extends keyof paths> = {
  [M in Method]: M extends keyof paths[Route] ? (paths[Route][M] extends object ? M : never) : never;
}[Method];

const methodsOfContract = {
  "/api/v2/heartbeat": ["get"],
  "/api/v2/version": ["get"],
  "/api/v2/pre-flight-checks": ["get"],
  "/api/v2/healthcheck": ["get"],
  "/api/v2/auth/identity": ["get"],
  "/api/v2/reset": ["post"],
  "/api/v2/tenants": ["post"],
  "/api/v2/tenants/{tenant_name}": ["get", "patch"],
  "/api/v2/tenants/{tenant}/databases": ["get", "post"],
  "/api/v2/tenants/{tenant}/databases/{database}": ["get", "delete"],
  "/api/v2/tenants/{tenant}/databases/{database}/collections_count": ["get"],
  "/api/v2/tenants/{tenant}/databases/{database}/collections": ["get", "post"],
  "/api/v2/tenants/{tenant}/databases/{database}/collections/by-id/{collection_id}": ["get"],
  "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}": ["get", "put", "delete"],
  "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/add": ["post"],
  "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/update": ["post"],
  "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/upsert": ["post"],
  "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/delete": ["post"],
  "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/get": ["post"],
  "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/query": ["post"],
  "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/count": ["get"],
  "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/indexing_status": ["get"],
  "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/search": ["post"],
  "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/fork": ["post"],
  "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/fork_count": ["get"],
  "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/functions/attach": ["post"],
  "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/functions/{function_name}": [
    "get",
  ],
  "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/attached_functions/{name}/detach":
    ["post"],
  "/api/v2/collections/{crn}": ["get"],
} as const satisfies { readonly [Route in keyof paths]: readonly MethodOf<Route>[] };

/** Methods by route template. */
export const methodsByRoute: Readonly<Record<string, readonly Method[]>> = {
  "/api/v2": ["get"],
  ...methodsOfContract,
};

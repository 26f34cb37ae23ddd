// Bodies of requests about tenants and databases.

import { invalidArgument } from "../../src/protocol/request-error.ts";
import { nameProblem, tenantNameProblem } from "./name.ts";
import { mustHave, parseString, parseStruct } from "./shape.ts";
import { assertValid } from "./validation.ts";

export interface CreateTenantRequest {
  readonly name: string;
}

export interface UpdateTenantRequest {
  readonly resourceName: string;
}

export interface CreateDatabaseRequest {
  readonly name: string;
}

export function parseCreateTenant(body: unknown): CreateTenantRequest {
  const name = parseString(mustHave(parseStruct(body, "", "CreateTenantPayload"), "", "name"), "name");
  assertValid({ name: tenantNameProblem(name) });
  return { name };
}

export function parseUpdateTenant(body: unknown): UpdateTenantRequest {
  const fields = parseStruct(body, "", "UpdateTenantPayload");
  return { resourceName: parseString(mustHave(fields, "", "resource_name"), "resource_name") };
}

export function parseCreateDatabase(body: unknown): CreateDatabaseRequest {
  const name = parseString(mustHave(parseStruct(body, "", "CreateDatabasePayload"), "", "name"), "name");
  const problem = nameProblem(name);
  // Without the field's name in front, unlike collections: so does the server.
  if (problem !== undefined) throw invalidArgument(problem);
  return { name };
}

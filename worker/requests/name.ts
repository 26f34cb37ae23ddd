// Names of collections, databases and tenants, by the rules of Chroma's server (1.3.4).

import type { Problem } from "./validation.ts";

const NAME_LENGTH_MAX = 512;
const TENANT_NAME_LENGTH_MIN = 3;
const pattern = /^[a-zA-Z0-9][a-zA-Z0-9._-]{1,510}[a-zA-Z0-9]$/;
const octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
const ipv4Address = new RegExp(`^${octet}(?:\\.${octet}){3}$`);

/** Collections and databases. One `+` may join two names: the part before it names a topology. */
export function nameProblem(name: string): Problem {
  const parts = name.split("+");
  if (parts.length > 1 && name.length > NAME_LENGTH_MAX) {
    return `Expected a name containing 3-512 characters. Got: ${name.length}`;
  }
  if (parts.length > 2) return "Expected a name to contain at most one topology:  Got two `+` characters.";
  for (const part of parts) {
    if (!pattern.test(part)) {
      return (
        "Expected a name containing 3-512 characters from [a-zA-Z0-9._-], " +
        `starting and ending with a character in [a-zA-Z0-9]. Got: ${part}`
      );
    }
    if (part.includes("..")) {
      return `Expected a name that does not contains two consecutive periods (..). Got ${part}`;
    }
    if (ipv4Address.test(part)) return `Expected a name that is not a valid ip address. Got ${part}`;
  }
  return undefined;
}

/** Tenants: any three characters. */
export function tenantNameProblem(name: string): Problem {
  // Characters, not code units: two suffice for one emoji, so a prefix decides.
  const characters = Array.from(name.slice(0, 2 * TENANT_NAME_LENGTH_MIN));
  if (characters.length >= TENANT_NAME_LENGTH_MIN) return undefined;
  const details = `{"value": String(${JSON.stringify(name)}), "min": Number(${TENANT_NAME_LENGTH_MIN})}`;
  return `Validation error: length [${details}]`;
}

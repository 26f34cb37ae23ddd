// The part of JSON Schema that Chroma's OpenAPI document uses, as a list of what is wrong with a value.
// `oneOf` is read as `anyOf`: the document offers integer and number side by side, and 1 is both.

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly format?: string;
}

export type Schemas = Readonly<Record<string, Schema>>;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** One line a problem, with the place; none for a value that fits. */
export function problemsOf(value: unknown, schema: Schema, schemas: Schemas, path = "body"): string[] {
  if (schema.$ref !== undefined) {
    const named = schemas[schema.$ref.replace("#/components/schemas/", "")];
    return named === undefined
      ? [`${path}: no schema ${schema.$ref}`]
      : problemsOf(value, named, schemas, path);
  }
  const each = (part: Schema): string[] => problemsOf(value, part, schemas, path);
  if (schema.oneOf !== undefined) {
    const attempts = schema.oneOf.map(each);
    return attempts.some((problems) => problems.length === 0) ? [] : attempts.flat();
  }
  if (schema.allOf !== undefined) return schema.allOf.flatMap(each);
  const types = [schema.type ?? []].flat();
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) {
    return [`${path}: expected ${types.join(" or ")}, got ${JSON.stringify(value)}`];
  }
  return [...scalarProblems(value, schema, path), ...partProblems(value, schema, schemas, path)];
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "integer":
      return Number.isInteger(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}

function scalarProblems(value: unknown, schema: Schema, path: string): string[] {
  const problems: string[] = [];
  if (schema.enum !== undefined && !schema.enum.includes(value)) problems.push(`${path}: not in the enum`);
  if (typeof value === "number" && value < (schema.minimum ?? -Infinity)) problems.push(`${path}: too small`);
  if (typeof value === "string" && schema.format === "uuid" && !uuid.test(value))
    problems.push(`${path}: no uuid`);
  return problems;
}

function partProblems(value: unknown, schema: Schema, schemas: Schemas, path: string): string[] {
  if (Array.isArray(value)) {
    const { items = {} } = schema;
    return value.flatMap((item, i) => problemsOf(item, items, schemas, `${path}[${i}]`));
  }
  if (typeof value !== "object" || value === null) return [];
  const { properties = {}, required = [], additionalProperties = true } = schema;
  const missing = required.filter((name) => !Object.hasOwn(value, name));
  return [
    ...missing.map((name) => `${path}: ${name} is missing`),
    ...Object.entries(value).flatMap(([name, part]: [string, unknown]) => {
      const at = `${path}.${name}`;
      if (Object.hasOwn(properties, name)) return problemsOf(part, properties[name] ?? {}, schemas, at);
      if (additionalProperties === false) return [`${at}: not in the schema`];
      return additionalProperties === true ? [] : problemsOf(part, additionalProperties, schemas, at);
    }),
  ];
}

import * as z from "zod";
import { version } from "../platform/index.js";
import type { AnyRoute } from "./route.js";
import { problem } from "./schemas.js";

type Json = Record<string, unknown>;

/** What every request with a token may be refused with. */
const everyRefusal = [400, 401, 403, 404, 429];

/** What a status says, in the words of a reader. */
export const statusWords: Readonly<Record<number, string>> = {
  400: "The request does not fit.",
  401: "No token, or one that is not good.",
  403: "The token lacks the scope, or a rule refuses the send.",
  404: "There is no such thing that this token may see.",
  409: "Somebody decided it before, or its time is over.",
  413: "The body is too large.",
  415: "The body is no JSON.",
  422: "The request was understood and refused; `code` says why.",
  429: "The token was used too often; `Retry-After` says how many seconds to wait.",
  503: "It cannot be done now; the same request may succeed later.",
};

/** The statuses of a row's refusals, in their order. */
export function refusalsOf({ scope, body, refusals = [] }: AnyRoute): number[] {
  if (scope === undefined) return [];
  const ofBody = body ? [413, 415] : [];
  return [...new Set([...everyRefusal, ...ofBody, ...refusals])].sort((one, other) => one - other);
}

/** The OpenAPI 3.1 document of a table. Its schemas are those that check the requests and shape the answers. */
export function openApiDocument(table: readonly AnyRoute[]): Json {
  const schemas: Json = {};
  const problemRef = schemaOf(problem, "output", schemas);
  const paths: Record<string, Json> = {};
  for (const row of table) {
    paths[row.path] ??= {};
    paths[row.path]![row.method] = operationOf(row, schemas, problemRef);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Tapback",
      version,
      description: "What a running gateway tells programs, and does for them. docs/api.md says how to begin.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    security: [{ token: [] }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "Made with `tapback token add`." },
      },
    },
  };
}

function operationOf(row: AnyRoute, schemas: Json, problemRef: Json): Json {
  const { id, summary, description, scope, body, result, parameters, media = "application/json" } = row;
  const failures = refusalsOf(row).map((status) => [
    status,
    {
      description: statusWords[status],
      content: { "application/problem+json": { schema: problemRef } },
      ...(status === 429 && {
        headers: { "Retry-After": { description: "Seconds.", schema: { type: "integer" } } },
      }),
    },
  ]);
  const about = [description, scope && `Scope: \`${scope}\`.`].filter(Boolean).join("\n\n");
  return {
    operationId: id,
    summary,
    ...(about !== "" && { description: about }),
    ...(scope === undefined && { security: [] }),
    parameters: (["path", "query", "headers"] as const).flatMap((where) =>
      parametersIn(where === "headers" ? "header" : where, parameters[where], schemas),
    ),
    ...(body && {
      requestBody: {
        required: true,
        content: { "application/json": { schema: schemaOf(body, "input", schemas) } },
      },
    }),
    responses: {
      200: {
        description: "Done.",
        content: { [media]: { schema: schemaOf(result, "output", schemas) } },
      },
      ...Object.fromEntries(failures),
    },
    ...(scope !== undefined && { "x-scope": scope }),
  };
}

function parametersIn(where: string, shape: z.ZodObject, schemas: Json): Json[] {
  const { properties = {}, required = [] } = schemaOf(shape, "input", schemas) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: where,
    required: where === "path" || required.includes(name),
    ...(description !== undefined && { description }),
    schema,
  }));
}

/** @param schemas gets what is named in it */
function schemaOf(schema: z.ZodType, io: "input" | "output", schemas: Json): Json {
  const {
    $schema: _,
    $defs = {},
    ...root
  } = z.toJSONSchema(schema, {
    io,
    override({ jsonSchema }) {
      // Answers may get more fields with a later version, and clients have to take that.
      if (io === "output" && jsonSchema.additionalProperties === false)
        delete jsonSchema.additionalProperties;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  }) as Json & { $defs?: Json };
  for (const [name, inner] of Object.entries($defs)) schemas[name] = placed(inner);
  return placed(root) as Json;
}

/** With what is named where OpenAPI has it. */
function placed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(placed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      key === "$ref" && typeof inner === "string"
        ? [key, inner.replace("#/$defs/", "#/components/schemas/")]
        : [key, placed(inner)],
    ),
  );
}

import * as z from "zod";
import { type AnyRoute, perform } from "../../api/serving/index.js";
import type { McpDeps } from "../deps.js";
import { type AgentTool, dataOf } from "./tool.js";

/** How a request of the API is shown as a tool. */
export interface AsTool {
  name: string;
  /** In the place of the request's own. */
  description?: string;
  /** The parameters that it shows; all where absent. */
  takes?: readonly string[];
  /** Parameters that are told or bounded in another way. */
  with?: Readonly<Record<string, z.ZodType>>;
  /** What is told of the answer; all of it where absent. */
  shown?: (answer: unknown) => unknown;
}

/** The header that a tool calls `key`. */
const keyHeader = "Idempotency-Key";

/**
 * Makes a tool of a request of the API: the same parameters, checks, rights and answer, for it is the same request.
 * @param row of the API's table; it has a scope
 */
export function routeTool(row: AnyRoute, as: AsTool, { api }: McpDeps): AgentTool {
  const { parameters, body, summary, description, scope, method } = row;
  const key = parameters.headers.shape[keyHeader];
  const whole: z.ZodRawShape = {
    ...parameters.path.shape,
    ...parameters.query.shape,
    ...body?.shape,
    ...(key && { key }),
  };
  const names = as.takes ?? Object.keys(whole);
  const fields = names.map((name) => [name, as.with?.[name] ?? whole[name]!]);
  const input = z.strictObject(Object.fromEntries(fields));
  return {
    name: as.name,
    description: as.description ?? [summary, description].filter(Boolean).join(" "),
    scopes: [scope!],
    input,
    isReading: method === "get",
    call: async (given, agent) => {
      const among = (shape: z.ZodRawShape | undefined) =>
        Object.fromEntries(Object.entries(given).filter(([name]) => shape && Object.hasOwn(shape, name)));
      const answer = await perform(
        row,
        {
          path: among(parameters.path.shape),
          query: among(parameters.query.shape),
          headers: given.key === undefined ? {} : { [keyHeader]: given.key },
          body: () => among(body?.shape),
        },
        agent,
        api,
      );
      return dataOf(as.shown?.(answer) ?? answer);
    },
  };
}

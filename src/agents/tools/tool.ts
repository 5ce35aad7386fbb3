import type { LanguageModelV3FunctionTool } from "@ai-sdk/provider";
import * as z from "zod";
import { argumentFaults, TapbackError } from "../../platform/index.js";
import type { AgentTurn } from "../contract.js";

/** A tool that the model may call. */
export interface Tool {
  definition: LanguageModelV3FunctionTool;
  /** Longest result, UTF-16 code units; unset: 4,000. */
  maxResult?: number;
  /**
   * Makes a value shorter whose JSON is longer than `most`, so that what matters stays and it is JSON still; absent: its end
   * is cut off.
   */
  shorten?(value: unknown, most: number): unknown;
  /**
   * @param signal aborts when the turn ends
   * @returns what the model is told, words as they are and anything else as JSON
   * @throws what it is told as an error, by its code and message
   */
  run(input: unknown, turn: AgentTurn, signal?: AbortSignal): Promise<unknown>;
}

/** Makes a tool whose input is checked with the schema that the model is shown. */
export function defineTool<Schema extends z.ZodObject>(
  name: string,
  description: string,
  schema: Schema,
  run: (input: z.infer<Schema>, turn: AgentTurn) => Promise<unknown>,
): Tool {
  const { $schema: _, ...inputSchema } = z.toJSONSchema(schema, { io: "input" });
  return {
    definition: { type: "function", name, description, inputSchema: inputSchema as never },
    run: async (input, turn) => {
      const parsed = schema.safeParse(input);
      if (parsed.success) return run(parsed.data, turn);
      const faults = argumentFaults(parsed.error.issues, input).map(({ sentence }) => `${sentence}.`);
      throw new TapbackError("ACTION_PARAMETERS", faults.join(" "));
    },
  };
}

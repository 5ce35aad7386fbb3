import * as z from "zod";
import { configSchema } from "../schema/config.js";

/**
 * The JSON Schema of the configuration file with a description per field, for editors (`"$schema"` in the file) and
 * for `tapback config schema`. Rules over several fields are not in it; `tapback config validate` knows them.
 */
export function jsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(configSchema, {
    io: "input",
    override: ({ jsonSchema }) => {
      if (jsonSchema.secret === true) jsonSchema.writeOnly = true;
      delete jsonSchema.secret;
    },
  });
  return { ...schema, title: "Tapback configuration" } as Record<string, unknown>;
}

import * as z from "zod";
import { headers, secretText, text } from "./fields.js";

/** The top-level block `models`. */
export const modelsBlock = z
  .strictObject({
    providers: z
      .record(
        text(),
        z.strictObject({
          api: z
            .enum(["openai-completions", "anthropic-messages"])
            .optional()
            .describe(
              "Protocol of the endpoint; unset: that of the provider where it is built in, else `openai-completions`.",
            ),
          baseUrl: z
            .url({ protocol: /^https?$/ })
            .optional()
            .describe("Address of the endpoint; unset: the provider's own."),
          apiKey: secretText()
            .optional()
            .describe("Key of the endpoint, best kept in the environment and named here as a variable."),
          headers: headers().default({}).describe("Headers that are added to each request."),
        }),
      )
      .default({})
      .describe("Endpoints of models by the name that stands before the `/` of a model."),
  })
  .prefault({})
  .describe("Where models are reached.");

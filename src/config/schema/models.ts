import * as z from "zod";
import { about, headers, onceUsed, secretText, text } from "./fields.js";

const price = () => z.number().min(0).max(1_000_000);

/** The top-level block `models`. */
export const modelsBlock = z
  .strictObject({
    providers: z
      .record(
        text(),
        onceUsed(() =>
          z.strictObject({
            api: z
              .enum(["openai-completions", "anthropic-messages"])
              .optional()
              .apply(
                about,
                "Protocol of the endpoint; unset: that of the provider where it is built in, else `openai-completions`.",
              ),
            baseUrl: z
              .url({ protocol: /^https?$/ })
              .optional()
              .apply(about, "Address of the endpoint; unset: the provider's own."),
            apiKey: secretText()
              .optional()
              .apply(
                about,
                "Key of the endpoint, best kept in the environment and named here as a variable.",
              ),
            headers: headers().default({}).apply(about, "Headers that are added to each request."),
            images: z
              .record(text(), z.boolean())
              .default({})
              .apply(
                about,
                "Whether models take pictures, by the name after the `/` of a model; what is not named is judged by that name.",
              ),
            prices: z
              .record(
                text(),
                z.strictObject({
                  inputPerMTok: price().apply(about, "Price of a million tokens that the model reads."),
                  outputPerMTok: price().apply(about, "Price of a million tokens that it writes."),
                  currency: z
                    .string()
                    .regex(/^[A-Z]{3}$/, "three capital letters, e.g. USD")
                    .apply(about, "Currency of both, e.g. `USD`."),
                }),
              )
              .default({})
              .apply(
                about,
                "What models cost, by the name after the `/` of a model; `tapback usage` reckons with it.",
              ),
          }),
        ),
      )
      .default({})
      .apply(about, "Endpoints of models by the name that stands before the `/` of a model."),
  })
  .prefault({})
  .apply(about, "Where models are reached.");

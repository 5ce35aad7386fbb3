import * as z from "zod";
import { type AnyRoute, invalid, route } from "../../api/serving/index.js";
import { parseInput, setValue, unsetValue } from "../../config/edit/index.js";
import { parsePath } from "../../config/index.js";
import { formOf } from "../../config/inspect/index.js";
import type { SettingsFile } from "../settings-file.js";
import { judged, text } from "./settings.js";

export const field = z
  .object({
    path: z.string().describe("As `tapback config set` takes it."),
    about: z.string(),
    kind: z
      .enum(["flag", "choice", "number", "text", "list", "other"])
      .describe("`other` is written in the text."),
    choices: z.array(z.string()),
    expected: z.string().describe("Which values it takes, in words."),
    fallback: z.string().nullable().describe("What holds where it is not set."),
    value: z
      .union([z.string(), z.array(z.string())])
      .nullable()
      .describe("What the text says; null where nothing."),
  })
  .meta({ id: "SettingsField" });

export const form = z
  .object({
    blocks: z.array(z.string()),
    fields: z.array(field),
    more: z.int().describe("Fields that are like what was asked for, and left out."),
  })
  .meta({ id: "SettingsForm" });

export const edited = judged.extend({ text }).meta({ id: "EditedSettings" });

const mostFields = 80;

/** The settings as a form, made from their schema: each change is one of the text beside it, done in place as `tapback config set` does it. */
export function settingsFormRoutes(file: SettingsFile): AnyRoute[] {
  return [
    route({
      id: "showSettingsForm",
      method: "post",
      path: "/v1/settings/form",
      scope: "admin",
      summary: "Tell the fields of a text, by their block or by words.",
      body: z.strictObject({ text, block: z.string().max(100), words: z.string().max(100).default("") }),
      result: form,
      async handle({ body }) {
        const { blocks, fields } = formOf(body.text, body.block, body.words);
        return { blocks, fields: fields.slice(0, mostFields), more: Math.max(0, fields.length - mostFields) };
      },
    }),
    route({
      id: "editSettings",
      method: "post",
      path: "/v1/settings/edit",
      scope: "admin",
      summary: "Set a field in a text or take it out, without saving it; comments and layout stay.",
      body: z.strictObject({
        text,
        path: z.string().max(1000),
        value: z
          .union([z.string().max(100_000), z.array(z.string().max(1000)).max(1000)])
          .nullable()
          .describe("As it is typed; the entries of a list; null takes the field out."),
      }),
      result: edited,
      async handle({ body: { text: shown, path, value } }) {
        const place = parsePath(path);
        if (!place.ok) throw place.error;
        const source = shown.trim() === "" ? "{}\n" : shown;
        const typed = typeof value === "string" ? parseInput(place.value, value) : value;
        const next = value === null ? unsetValue(source, place.value) : setValue(source, place.value, typed);
        // What is not there is out already.
        if (!next.ok && value !== null) throw invalid(next.error.message);
        const after = next.ok ? next.value : shown;
        return { text: after, ...(await file.check(after)) };
      },
    }),
  ];
}

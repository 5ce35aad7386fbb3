import * as z from "zod";
import { type AnyRoute, invalid, route } from "../../api/serving/index.js";
import { commandRules } from "../../commands/index.js";
import { resolveAccounts } from "../../config/index.js";
import { hideSecrets } from "../../config/inspect/index.js";
import { configChange } from "../../preview/index.js";
import { type SettingsFile, versionOf } from "../settings-file.js";

export const problem = z
  .object({
    path: z.string(),
    line: z.int(),
    column: z.int(),
    message: z.string(),
    expected: z.string().nullable(),
    suggestion: z.string().nullable(),
  })
  .meta({ id: "ConfigProblem" });

export const judged = z.object({ ok: z.boolean(), errors: z.array(problem), warnings: z.array(problem) });
const outcome = z.object({
  ...{ answered: z.int(), commands: z.int(), codes: z.int(), context: z.int(), dropped: z.int() },
});

export const changed = z
  .object({
    accounts: z.array(
      z.object({
        account: z.string(),
        messages: z.int().describe("How many were looked at: the newest ones that are kept."),
        people: z.array(
          z.object({
            ...{ sender: z.string(), name: z.string().nullable(), group: z.string().nullable() },
            ...{ chatId: z.int(), messages: z.int(), before: outcome, after: outcome },
            reasons: z.array(
              z.object({
                ...{ reason: z.string(), count: z.int(), remedy: z.string(), key: z.string().nullable() },
              }),
            ),
          }),
        ),
      }),
    ),
  })
  .meta({ id: "SettingsChange" });

export const text = z
  .string()
  .max(200_000)
  .describe("Secrets stand in it as `⟨secret 1⟩`, and stay as they are.");

/** The file of the configuration as text, judged as `tapback config validate` does (behaviour 17.3). */
export function settingsRoutes(file: SettingsFile): AnyRoute[] {
  return [
    route({
      id: "getSettings",
      method: "get",
      path: "/v1/settings",
      scope: "admin",
      summary: "Show the configuration file.",
      result: judged.extend({ path: z.string(), text, version: z.string() }),
      async handle() {
        const source = await file.read();
        const shown = { path: file.path, text: hideSecrets(source), version: versionOf(source) };
        return { ...shown, ...(await file.judge(source)) };
      },
    }),
    route({
      id: "checkSettings",
      method: "post",
      path: "/v1/settings/check",
      scope: "admin",
      summary: "Judge a text as the configuration file, without saving it.",
      body: z.strictObject({ text }),
      result: judged,
      async handle({ body }) {
        return file.check(body.text);
      },
    }),
    route({
      id: "previewSettings",
      method: "post",
      path: "/v1/settings/preview",
      scope: "admin",
      summary: "Tell whom a text would answer otherwise, of those who wrote lately, without saving it.",
      body: z.strictObject({ text, days: z.int().min(1).max(365).default(30) }),
      result: changed,
      async handle({ body, api: { store, config, clock } }) {
        const next = await file.parsed(body.text);
        if (!next) throw invalid("this configuration is not valid");
        const since = clock.now() - body.days * 86_400_000;
        const parts = { store, clock, commands: commandRules };
        const accounts = [];
        for (const account of resolveAccounts(config()))
          accounts.push({
            account: account.id,
            ...(await configChange(account, [config(), next], since, parts)),
          });
        return { accounts };
      },
    }),
    route({
      id: "saveSettings",
      method: "post",
      path: "/v1/settings",
      scope: "admin",
      summary: "Save the configuration file, where it is valid and nobody changed it meanwhile.",
      body: z.strictObject({ text, version: z.string() }),
      result: judged.extend({ text, version: z.string() }),
      refusals: [409],
      async handle({ body }) {
        return file.save(body.text, body.version);
      },
    }),
  ];
}

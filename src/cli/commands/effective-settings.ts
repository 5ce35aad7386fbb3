import type { EffectiveValue } from "../../config/inspect/index.js";
import { type Context, readConfig } from "../context.js";
import { printLine, styled, table } from "../output.js";

/** Every setting that holds for each account, with where it comes from. */
export async function effectiveSettings(
  context: Context,
  accountIds: string[],
): Promise<Map<string, EffectiveValue[]>> {
  const { effective, maskSecrets } = await import("../../config/inspect/index.js");
  const { config } = await readConfig(context);
  const secrets = Object.values(context.variables);
  return new Map(
    accountIds.map((id) => [
      id,
      (effective(config, id) ?? []).map((entry) => ({
        ...entry,
        value: maskSecrets(entry.value, [], secrets),
      })),
    ]),
  );
}

/** Shows the settings of one account as a table; what nobody set and has no default is left out. */
export function tellEffective(account: string, values: EffectiveValue[]): void {
  const rows = values
    .filter(({ value }) => value !== undefined)
    .map(({ key, value, origin, path }) => [
      key,
      JSON.stringify(value),
      origin,
      origin === "default" ? "" : path,
    ]);
  printLine();
  printLine(styled("bold", `Settings of imessage/${account}`));
  printLine(table(["SETTING", "VALUE", "FROM", "WRITTEN AT"], rows));
}

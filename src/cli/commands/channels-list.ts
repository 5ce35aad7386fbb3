import { defaultAccountId, resolveAccounts } from "../../config/index.js";
import { type Context, readConfig } from "../context.js";
import { printJson, printLine, table } from "../output.js";

/** `tapback channels list`. */
export async function channelsList(context: Context): Promise<undefined> {
  const { config } = await readConfig(context);
  const accounts = resolveAccounts(config).map(({ id, name, enabled, cliPath, dmPolicy, groupPolicy }) => ({
    channel: "imessage",
    id,
    name: name ?? id,
    enabled,
    default: id === defaultAccountId(config),
    cliPath,
    dmPolicy,
    groupPolicy,
  }));
  if (context.json) return void printJson(accounts);
  if (accounts.length === 0) return void printLine("No account is configured. Run `tapback init`.");
  printLine(
    table(
      ["ACCOUNT", "NAME", "ENABLED", "DIRECT", "GROUPS", "IMSG"],
      accounts.map((account) => [
        account.default ? `${account.id} (default)` : account.id,
        account.name,
        account.enabled ? "yes" : "no",
        account.dmPolicy,
        account.groupPolicy,
        account.cliPath,
      ]),
    ),
  );
}

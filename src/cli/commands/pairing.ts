import {
  approveRequest,
  denyRequest,
  type FirstOwner,
  findRequest,
  firstOwnerIn,
  revokeApproval,
} from "../../commands/index.js";
import { type Config, loadConfig, normalizeId } from "../../config/index.js";
import { askGateway } from "../../control/index.js";
import { requestRow } from "../../facts/index.js";
import { localTime, TapbackError } from "../../platform/index.js";
import { type Context, checkAccount, readConfig } from "../context.js";
import { printJson, printLine, span, styled, table } from "../output.js";
import { openState, withStateIfAny } from "../state.js";

export interface PairingOptions {
  account?: string;
}

export interface ApproveOptions extends PairingOptions {
  notify?: boolean;
  replay?: boolean;
  owner?: boolean;
}

/** `tapback pairing list` (behaviour 3.3, 17.4). */
export async function list(
  context: Context,
  options: PairingOptions,
  channel: string | undefined,
): Promise<undefined> {
  checkChannel(channel);
  const account = options.account && normalizeId(options.account);
  const now = Date.now();
  const { pending, approvals, optedOut } = await withStateIfAny(context, async (store) => ({
    pending: (await store?.pairing.pending(now, account)) ?? [],
    approvals: (await store?.pairing.approvals(account)) ?? [],
    optedOut: (await store?.pairing.optedOut(account)) ?? [],
  }));
  if (pending.length + approvals.length + optedOut.length === 0) await checkAccount(context, options.account);
  if (context.json) return void printJson(pending.map(requestRow));
  if (pending.length === 0) printLine("Nobody is waiting to be let in.");
  else
    printLine(
      table(
        ["CODE", "SENDER", "NAME", "ACCOUNT", "ASKED", "TIME LEFT", "WROTE"],
        pending.map((request) => [
          styled("bold", request.code),
          request.handle,
          request.name ?? "",
          request.account,
          localTime(request.requestedAt),
          span(request.expiresAt - now),
          request.text,
        ]),
      ),
    );
  if (approvals.length > 0)
    printLine(
      `\n${table(
        ["APPROVED", "ACCOUNT", "SINCE"],
        approvals.map((one) => [one.handle, one.account, localTime(one.approvedAt)]),
      )}`,
    );
  if (optedOut.length > 0)
    printLine(
      `\n${table(
        ["SAID STOP", "ACCOUNT", "SINCE"],
        optedOut.map((one) => [one.handle, one.account, localTime(one.since)]),
      )}`,
    );
}

/** `tapback pairing approve`. */
export async function approve(
  context: Context,
  options: ApproveOptions,
  words: string[] | string,
): Promise<undefined> {
  const store = await openState(context);
  try {
    const now = Date.now();
    const request = await findRequest(store, codeOf(words), now, accountOf(options));
    const notify = options.notify ?? false;
    const config = await configIfAny(context);
    const { owner, replayed, report, warning } = await approveRequest(store, request, {
      at: now,
      config,
      firstOwner: options.owner === false ? "no" : await firstOwnerOf(context, request.account, config),
      notify,
      replay: options.replay ?? false,
      namesAccount: true,
    });
    await tellGateway(context);
    const { handle: approved, account } = request;
    if (context.json)
      return void printJson({
        approved,
        account,
        owner,
        notified: notify,
        replayed,
        ...(warning && { warning }),
      });
    const [first = "", ...more] = report;
    printLine(first.replace(/^Approved/, styled("green", "Approved")));
    for (const line of more) printLine(line);
  } finally {
    await store.close();
  }
}

/** `tapback pairing deny`. */
export async function deny(
  context: Context,
  options: PairingOptions,
  words: string[] | string,
): Promise<undefined> {
  const store = await openState(context);
  try {
    const request = await findRequest(store, codeOf(words), Date.now(), accountOf(options));
    const report = await denyRequest(store, request);
    if (context.json) return void printJson({ denied: request.handle, account: request.account });
    printLine(report);
  } finally {
    await store.close();
  }
}

/** `tapback pairing revoke`. */
export async function revoke(
  context: Context,
  options: PairingOptions,
  words: string[] | string,
): Promise<undefined> {
  const store = await openState(context);
  try {
    const typed = withoutChannel(words).join(" ");
    const { handle, accounts } = await revokeApproval(store, typed, accountOf(options), () =>
      readConfig(context),
    );
    if (context.json) return void printJson({ revoked: handle, accounts });
    printLine(`${handle} is no longer approved.`);
  } finally {
    await store.close();
  }
}

/** A running gateway looks at the state at once; without one there is nothing to tell. */
async function tellGateway({ stateDir }: Context): Promise<void> {
  await askGateway(stateDir, "changed", {}, 2000).catch(() => undefined);
}

/**
 * The configuration, or undefined while it cannot be read: people are let in all the same. Where there is no file, the
 * defaults are no gateway's: one that serves an account has another file, or none (behaviour 17.10).
 */
async function configIfAny({ env, home, configOption: path }: Context): Promise<Config | undefined> {
  const loaded = await loadConfig({ env, home, path });
  return loaded.ok && loaded.value.source !== undefined ? loaded.value.config : undefined;
}

/** A running gateway knows its own configuration; the file that is found from here may be another one. */
async function firstOwnerOf(
  { stateDir }: Context,
  account: string,
  config: Config | undefined,
): Promise<FirstOwner> {
  try {
    const answer = await askGateway(stateDir, "pairing.owner", { account }, 5000);
    return answer ? answer.result.firstOwner : firstOwnerIn(config, account);
  } catch {
    // One that does not say may have owners.
    return "untold";
  }
}

function accountOf({ account }: PairingOptions): string | undefined {
  return (account && normalizeId(account)) || undefined;
}

function codeOf(words: string[] | string): string {
  return withoutChannel(words).join("");
}

/** `imessage` may stand before the code: the commands of older documents have it so. */
function withoutChannel(words: string[] | string): string[] {
  const all = Array.isArray(words) ? words : [words];
  const rest = all.length > 1 && all[0]!.toLowerCase() === "imessage" ? all.slice(1) : all;
  return rest;
}

function checkChannel(channel: string | undefined): void {
  if (channel === undefined || channel.toLowerCase() === "imessage") return;
  throw new TapbackError("USAGE", `unknown channel ${channel}; the only one is imessage`);
}

import { readPairingCode } from "../../access/index.js";
import { defaultAccountId, loadConfig, normalizeId, regionOf } from "../../config/index.js";
import { chatKeyOf, isNationalNumber, normalizeHandle, type Target } from "../../conversation/index.js";
import { askGateway } from "../../gateway/index.js";
import { localTime, TapbackError } from "../../platform/index.js";
import type { Approval, NewOutboxItem, PairingRequest, Store } from "../../store/index.js";
import { ownersOf } from "../../turns/index.js";
import { type Context, checkAccount, openState, openStateIfAny, readConfig } from "../context.js";
import { printJson, printLine, span, styled, table } from "../output.js";

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
  const store = openStateIfAny(context);
  const now = Date.now();
  const pending = store?.pairing.pending(now, account) ?? [];
  const approvals = store?.pairing.approvals(account) ?? [];
  const optedOut = store?.pairing.optedOut(account) ?? [];
  await store?.close();
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
  const store = openState(context);
  try {
    const request = findRequest(store, words, options.account);
    const owner = options.owner !== false && (await becomesOwner(context, store, request.account));
    const notify = options.notify ? approvalNotice(request) : undefined;
    const { replayed } = await store.pairing.approve(request, Date.now(), {
      owner,
      replay: options.replay ?? false,
      ...(notify && { notify }),
    });
    const result = {
      approved: request.handle,
      account: request.account,
      owner,
      notified: notify !== undefined,
      replayed,
    };
    await tellGateway(context);
    if (context.json) return void printJson(result);
    printLine(
      `${styled("green", "Approved")} ${request.name ?? request.handle} for direct messages of the account ${request.account}.`,
    );
    if (owner)
      printLine(
        "As the first person approved, this sender is now the owner of the gateway's commands (--no-owner declines that).",
      );
    if (replayed > 0)
      printLine(
        `${replayed === 1 ? "One message that was" : `${replayed} messages that were`} written before will be answered now.`,
      );
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
  const store = openState(context);
  try {
    const request = findRequest(store, words, options.account);
    await store.pairing.deny(request);
    if (context.json) return void printJson({ denied: request.handle, account: request.account });
    printLine(`Denied ${request.name ?? request.handle}.`);
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
  const store = openState(context);
  try {
    const typed = withoutChannel(words).join(" ");
    const approvals = await approvalsOf(context, store, typed, options.account);
    const [{ handle }] = approvals;
    for (const approval of approvals) await store.pairing.revoke(approval.account, handle);
    if (context.json)
      return void printJson({ revoked: handle, accounts: approvals.map(({ account }) => account) });
    printLine(`${handle} is no longer approved.`);
  } finally {
    await store.close();
  }
}

/**
 * @param typed a handle in any spelling; a number without `+` is read as the gateway reads its senders, in the region of
 * the account whose approval it may be
 * @throws `APPROVAL_UNKNOWN`; `HANDLE_AMBIGUOUS` where it means one person in this account and another one in that
 */
async function approvalsOf(
  context: Context,
  store: Store,
  typed: string,
  accountOption: string | undefined,
): Promise<[Approval, ...Approval[]]> {
  // Only a national number needs the file, so that an approval can be taken back while the file is broken.
  const config = isNationalNumber(typed) ? (await readConfig(context)).config : undefined;
  const handleIn = (account: string) =>
    config ? normalizeHandle(typed, regionOf(config, account)) : normalizeHandle(typed);
  const wanted = accountOption && normalizeId(accountOption);
  const approvals = store.pairing
    .approvals(wanted || undefined)
    .filter(({ account, handle }) => handle === handleIn(account));
  const [first, ...more] = approvals;
  if (!first) {
    const fallback = wanted || (config && defaultAccountId(config));
    throw new TapbackError(
      "APPROVAL_UNKNOWN",
      `${fallback ? handleIn(fallback) : normalizeHandle(typed)} was not approved by pairing`,
      { hint: "`tapback pairing list` shows who was." },
    );
  }
  const other = more.find(({ handle }) => handle !== first.handle);
  if (other)
    throw new TapbackError(
      "HANDLE_AMBIGUOUS",
      `${typed} is ${first.handle} for the account ${first.account} and ${other.handle} for ${other.account}`,
      { hint: "Write it with + and the country code, or name the account with --account." },
    );
  return [first, ...more];
}

/** A running gateway looks at the state at once; without one there is nothing to tell. */
async function tellGateway({ stateDir }: Context): Promise<void> {
  await askGateway(stateDir, "changed", {}, 2000).catch(() => undefined);
}

function approvalNotice({ chatId, handle }: PairingRequest): NewOutboxItem {
  const target: Target =
    chatId > 0 ? { kind: "chat_id", chatId } : { kind: "handle", handle, service: "auto" };
  return { target, chatKey: chatKeyOf(target), origin: "approval", text: "You are approved. Write away!" };
}

function findRequest(
  store: Store,
  words: string[] | string,
  accountOption: string | undefined,
): PairingRequest {
  const typed = withoutChannel(words).join("");
  const code = readPairingCode(typed);
  const account = accountOption && normalizeId(accountOption);
  const request = code === undefined ? undefined : store.pairing.findByCode(code, account || undefined);
  if (!request)
    throw new TapbackError("PAIRING_CODE_UNKNOWN", `no request has the code ${typed}`, {
      hint: "`tapback pairing list` shows the codes.",
    });
  if (request.state !== "pending")
    throw new TapbackError(
      "PAIRING_CODE_USED",
      `the request with the code ${request.code} was ${request.state} before`,
    );
  if (request.expiresAt <= Date.now())
    throw new TapbackError(
      "PAIRING_CODE_EXPIRED",
      `the code ${request.code} expired ${localTime(request.expiresAt)}`,
      {
        hint: "The sender gets a new code with the next message.",
      },
    );
  return request;
}

/**
 * The first person approved becomes the owner, unless there is one: named in the configuration, or alone in `allowFrom`
 * (behaviour 3.3, 12). Nobody does while it cannot be read.
 */
async function becomesOwner(context: Context, store: Store, account: string): Promise<boolean> {
  if (store.pairing.approvals().length > 0) return false;
  const loaded = await loadConfig({ env: context.env, home: context.home, path: context.configOption });
  return loaded.ok && ownersOf(loaded.value.config, account, store).length === 0;
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

function requestRow(request: PairingRequest) {
  return {
    account: request.account,
    sender: request.handle,
    name: request.name ?? null,
    code: request.code,
    requestedAt: new Date(request.requestedAt).toISOString(),
    expiresAt: new Date(request.expiresAt).toISOString(),
    text: request.text,
  };
}

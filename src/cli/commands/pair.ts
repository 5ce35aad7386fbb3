import { randomBytes } from "node:crypto";
import { enrolmentLifetimeMs, enrolmentPhrase, phraseLength } from "../../access/index.js";
import { sharedMemoryWarning, sharedSessions } from "../../commands/index.js";
import { type Account, defaultAccountId, resolveAccount } from "../../config/index.js";
import { askGateway } from "../../control/index.js";
import { enrolmentRow, messagesLink } from "../../facts/index.js";
import { localTime, sleep, TapbackError } from "../../platform/index.js";
import type { Enrolment, Store } from "../../store/index.js";
import { type Context, readConfig } from "../context.js";
import { exitCodes, printJson, printLine, span, styled } from "../output.js";
import { ownAddress } from "../own-address.js";
import { createState, openState } from "../state.js";

export interface PairOptions {
  owner?: boolean;
  account?: string;
  qr?: boolean;
  wait?: boolean;
  check?: boolean;
  /** The gateway is started right after. */
  starts?: boolean;
}

/** How often the state is looked at for the phrase's arrival, milliseconds. */
const lookMs = 300;

/**
 * `tapback pair`: shows a phrase that lets in whoever texts it first, and waits for it (behaviour 3.6).
 * @returns 0 when somebody was let in (or with `--no-wait`), 1 when nobody was
 */
export async function pair(context: Context, options: PairOptions): Promise<number> {
  const account = await accountOf(context, options.account);
  if (options.check) return check(context, account.id);
  const store = await createState(context);
  try {
    // The minutes of the phrase begin when it is shown.
    const address = await ownAddress(account, { store, context, mayAsk: mayAsk(context, options) });
    const now = Date.now();
    const enrolment = await store.enrolment.open(account.id, {
      phrase: enrolmentPhrase(randomBytes(phraseLength)),
      owner: options.owner ?? false,
      createdAt: now,
      expiresAt: now + enrolmentLifetimeMs,
    });
    const waits = options.wait !== false;
    if (!context.json) await show(enrolment, address, options.qr ?? false);
    else if (waits || options.starts) process.stderr.write(`${enrolment.phrase}\n`);
    const isAway = !options.starts && !(await askGateway(context.stateDir, "status", {}).catch(() => true));
    if (isAway && !context.json)
      printLine(
        styled("yellow", "The gateway is not running: the phrase is taken once `tapback gateway` runs."),
      );
    const settled = waits ? await arrival(store, enrolment, context) : enrolment;
    if (settled === undefined) return exitCodes.interrupted;
    // `init --json` has said its one value.
    if (context.json && options.starts) return exitCodes.done;
    if (context.json) printJson(enrolmentRow(settled, address, Date.now()));
    else if (waits) await tellOutcome(settled, context, store);
    return !waits || settled.state === "used" ? exitCodes.done : exitCodes.refused;
  } finally {
    await store.close();
  }
}

/** `tapback pair --check`: what became of the newest phrase. */
async function check(context: Context, account: string): Promise<number> {
  const store = await openState(context);
  try {
    return await tellLast(context, account, await store.enrolment.last(account), store);
  } finally {
    await store.close();
  }
}

async function tellLast(
  context: Context,
  account: string,
  last: Enrolment | undefined,
  store: Store,
): Promise<number> {
  if (!last)
    throw new TapbackError("ENROLMENT_UNKNOWN", `no phrase was made for the account ${account}`, {
      hint: "Run `tapback pair`.",
    });
  if (context.json) printJson(enrolmentRow(last, undefined, Date.now()));
  else await tellOutcome(last, context, store);
  return last.state === "used" ? exitCodes.done : exitCodes.refused;
}

async function accountOf(context: Context, option: string | undefined): Promise<Account> {
  const { config } = await readConfig(context);
  const id = option ?? defaultAccountId(config);
  const account = resolveAccount(config, id);
  if (!account) throw new TapbackError("ACCOUNT_UNKNOWN", `there is no account ${id}`);
  if (!account.enabled)
    throw new TapbackError("ACCOUNT_DISABLED", `the account ${account.id} is not enabled`, {
      hint: "Run `tapback init`, or set channels.imessage.enabled to true.",
    });
  return account;
}

/** `init` has asked enough by then. */
function mayAsk({ json }: Context, { starts }: PairOptions): boolean {
  return !json && !starts && process.stdin.isTTY === true && process.stdout.isTTY === true;
}

async function show(enrolment: Enrolment, address: string | undefined, qr: boolean): Promise<void> {
  const minutes = Math.round((enrolment.expiresAt - enrolment.createdAt) / 60_000);
  const who = enrolment.owner ? "as the owner" : "for direct messages";
  printLine(`Text this from your phone within ${minutes} minutes, as an iMessage, to be let in ${who}:\n`);
  printLine(`    ${styled("bold", enrolment.phrase)}\n`);
  printLine(
    address
      ? `to       ${styled("bold", address)}`
      : "to the address or number that Messages on the Mac is signed in with (Messages > Settings > iMessage).",
  );
  const link = messagesLink(address);
  if (link) printLine(`or open  ${link}`);
  if (!qr) return;
  if (!link)
    return printLine(
      address
        ? "There is no QR code for an e-mail address: type it on the phone."
        : "A QR code needs that number: it is known here once somebody has written to it.",
    );
  const [{ encodeQr }, { renderQr }] = await Promise.all([
    import("../qr/encode.js"),
    import("../qr/render.js"),
  ]);
  const modules = encodeQr(link);
  if (modules) printLine(`\n${renderQr(modules, process.stdout.isTTY === true)}\n`);
}

/** @returns the enrolment when it is settled or has expired; undefined when the person stopped waiting */
async function arrival(store: Store, enrolment: Enrolment, context: Context): Promise<Enrolment | undefined> {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  if (!context.json) printLine(styled("dim", "Waiting for it… (Ctrl-C to stop; the phrase stays valid)"));
  for (;;) {
    const now = (await store.enrolment.get(enrolment.id)) ?? enrolment;
    if (now.state !== "open" || Date.now() >= now.expiresAt) return now;
    if (!(await sleep(lookMs, stop.signal))) return undefined;
  }
}

async function tellOutcome(enrolment: Enrolment, context: Context, store: Store): Promise<void> {
  const { state, handle, owner, account, expiresAt } = enrolment;
  if (state === "used") {
    printLine(
      `${styled("green", "Let in")} ${handle}, as Apple names this person, ${owner ? "as an owner of" : "for direct messages of"} the account ${account}.`,
    );
    const warning = sharedMemoryWarning(await sharedSessions((await readConfig(context)).config, store));
    if (warning) printLine(styled("yellow", warning));
    return;
  }
  const left = expiresAt - Date.now();
  const why = {
    replaced: "A newer phrase has replaced this one.",
    guessed: "Too many wrong phrases came in; this one is no longer taken.",
    open:
      left > 0
        ? `Nobody has written the phrase yet; it is valid for another ${span(left)}.`
        : `Nobody wrote the phrase in time; it expired ${localTime(expiresAt)}.`,
  }[state];
  printLine(`${why}${state === "open" && left > 0 ? "" : " Run `tapback pair` again."}`);
}

import { resolve } from "node:path";
import { isNothing, pathNames, rowOf, targetForms, underFirstNames } from "../../actions/rows/index.js";
import {
  askGateway,
  type ControlMethod,
  type ControlParameters,
  type ControlResult,
} from "../../control/index.js";
import { localTime, TapbackError } from "../../platform/index.js";
import type { Context } from "../context.js";
import { deliveryWords } from "../delivery-words.js";
import { printJson, printLine, styled, table } from "../output.js";

/** What was typed: the parameters of behaviour 11 under their own names. */
export type MessageOptions = Record<string, unknown> & { account?: string };

/** What is done where no gateway runs is loaded only there. */
const withoutGateway = async () => import("./message-unserved.js");

/** Longer than an action waits for its message to be sent, milliseconds. */
const answerMs = 60_000;

/** `tapback message react` and its like: done by the running gateway. */
export async function act(context: Context, action: string, options: MessageOptions): Promise<undefined> {
  const done = await ask(context, "message.act", { ...request(options), action });
  tell(context, done);
}

/** `tapback message send`: by the running gateway, or left in the outbox for the next one. @throws `USAGE` */
export async function send(context: Context, options: MessageOptions): Promise<undefined> {
  const { account, parameters } = request(options);
  const given = underFirstNames(rowOf("send").parameters, parameters);
  if (given.text === undefined && given.media === undefined)
    throw new TapbackError("USAGE", "--message or --media is needed");
  const answer = await askGateway(
    context.stateDir,
    "message.act",
    { account, action: "send", parameters },
    answerMs,
  );
  if (answer) return tell(context, answer.result);
  const { ids, ttlMinutes } = await (await withoutGateway()).leaveInOutbox(
    context,
    account,
    parameters,
    given,
  );
  if (context.json) return void printJson({ queued: true, gateway: null, ids });
  printLine(
    `The gateway is not running. The message waits in the outbox and goes out at its next start, within ${ttlMinutes} minutes.${follow(ids)}`,
  );
}

/** `tapback message actions` (behaviour 17.7). */
export async function actions(context: Context, options: MessageOptions): Promise<undefined> {
  const { account, parameters } = request(options, false);
  const offers = await ask(context, "message.actions", { account, parameters });
  if (context.json) return void printJson(offers);
  const rows = offers.map(({ name, offered, why }) => [
    offered ? styled("green", "✓") : styled("red", "✗"),
    name,
    why ?? "",
  ]);
  printLine(table(["", "ACTION", "WHY NOT"], rows));
}

/** `tapback message status`: what became of a sent message (behaviour 10.1). */
export async function status(context: Context, options: MessageOptions, message: string): Promise<undefined> {
  const answer = await askGateway(context.stateDir, "message.status", { account: options.account, message });
  const item = answer
    ? answer.result
    : await (await withoutGateway()).statusFromState(context, options.account, message);
  const { delivery } = item;
  const iso = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString());
  if (context.json)
    return void printJson({
      id: item.id,
      guid: item.guid ?? null,
      state: item.state,
      sentAt: iso(item.settledAt),
      service: delivery?.service ?? null,
      deliveredAt: iso(delivery?.deliveredAt),
      readAt: iso(delivery?.readAt),
      downgraded: delivery?.downgraded ?? null,
      askedBy: item.askedBy ?? null,
      error: item.error ?? null,
    });
  printLine(`Message ${item.id}: ${deliveryWords(item)}${item.guid ? styled("dim", ` ${item.guid}`) : ""}`);
  if (item.askedBy !== undefined) printLine(`  asked for by ${item.askedBy}`);
  if (item.error) printLine(`  ${styled("red", item.error.code)}: ${item.error.message}`);
}

/** @throws `GATEWAY_UNREACHABLE` */
async function ask<M extends ControlMethod>(
  context: Context,
  method: M,
  parameters: ControlParameters<M>,
): Promise<ControlResult<M>> {
  const answer = await askGateway(context.stateDir, method, parameters, answerMs);
  if (answer) return answer.result;
  throw new TapbackError("GATEWAY_UNREACHABLE", "this needs the running gateway, and none runs here", {
    hint: "Start it with `tapback gateway`.",
  });
}

/** Takes the frame off what was typed. @throws `USAGE` without a target where one is needed */
function request(
  options: MessageOptions,
  needsTarget = true,
): { account: string | undefined; parameters: Record<string, unknown> } {
  const { account, channel: _channel, json: _json, config: _config, ...parameters } = options;
  if (needsTarget && !Object.keys(targetForms).some((name) => !isNothing(parameters[name])))
    throw new TapbackError("USAGE", "--target is needed, e.g. --target chat_id:42 or --target +15550100123");
  for (const name of pathNames) {
    const given = parameters[name];
    if (typeof given === "string") parameters[name] = resolve(given);
    else if (Array.isArray(given)) parameters[name] = given.map((path) => resolve(String(path)));
  }
  return { account, parameters };
}

function tell(context: Context, facts: Record<string, unknown>): undefined {
  if (context.json) return void printJson(facts);
  if (Array.isArray(facts.messages)) {
    const rows = (facts.messages as Record<string, string>[]).map((row) => [
      row.MessageSid ?? row.MessageSidFull ?? "",
      localTime(Date.parse(row.sentAt!)),
      row.sender ?? "",
      row.text ?? "",
    ]);
    return void printLine(table(["ID", "SENT", "SENDER", "TEXT"], rows));
  }
  const guid = typeof facts.MessageSidFull === "string" ? styled("dim", ` ${facts.MessageSidFull}`) : "";
  if (typeof facts.held === "string")
    return void printLine(
      `It waits, ${facts.held}. It goes out by itself, within outbound.ttlMinutes.${follow(facts.ids)}`,
    );
  printLine(
    facts.queued
      ? `On its way: it is sent as soon as Messages takes it.${follow(facts.ids)}`
      : `Done.${guid}`,
  );
}

/** How to learn what becomes of a message that waits. */
function follow(ids: unknown): string {
  return Array.isArray(ids) && ids.length > 0 ? `\nSee \`tapback message status ${ids[0]}\`.` : "";
}

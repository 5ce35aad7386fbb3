import type { WebhookConfig } from "../../config/index.js";
import { localTime, systemClock, TapbackError } from "../../platform/index.js";
import { hookName, hookStates, postSigned, readerOf } from "../../webhooks/index.js";
import { type Context, readConfig } from "../context.js";
import { printJson, printLine, table } from "../output.js";
import { openState, withStateIfAny } from "../state.js";

/** `tapback webhooks list`: who is told what happens, and how far each is (behaviour 20.2). */
export async function list(context: Context): Promise<undefined> {
  const { config } = await readConfig(context);
  const rows = await withStateIfAny(context, (store) => hookStates(config.webhooks, store?.events));
  if (context.json) return void printJson(rows);
  if (rows.length === 0) return void printLine("No webhook is configured.");
  printLine(
    table(
      ["NO", "WEBHOOK", "EVENTS", "STATE", "BEHIND", "WHY"],
      rows.map(({ number, name, events, state, behind, why }) =>
        [number, name, events.join(","), state, behind, why ?? ""].map(String),
      ),
    ),
  );
}

/** `tapback webhooks test`: posts one signed event of the type `test`, now. */
export async function test(context: Context, which: string): Promise<1 | undefined> {
  const hook = await find(context, which);
  const at = systemClock.now();
  const event = { id: 0, type: "test", at: new Date(at).toISOString(), account: null, chat: null, data: {} };
  const message = { id: `evt_test_${at}`, body: JSON.stringify(event) };
  const posted = await postSigned(hook, message, systemClock, new AbortController().signal);
  const why = posted.state === "failed" ? posted.why : posted.state === "gone" ? "it answered 410" : null;
  if (context.json) printJson({ name: hookName(hook.url), state: posted.state, why });
  else
    printLine(
      why === null ? `${hookName(hook.url)} took it.` : `${hookName(hook.url)} did not take it: ${why}`,
    );
  return why === null ? undefined : 1;
}

/** `tapback webhooks replay`: has a webhook told again what is kept since a time. */
export async function replay(
  context: Context,
  which: string,
  options: { since?: string },
): Promise<undefined> {
  const hook = await find(context, which);
  const at = options.since === undefined ? 0 : Date.parse(options.since);
  if (Number.isNaN(at))
    throw new TapbackError("USAGE", `--since needs a time, not "${options.since}"`, {
      hint: "Write it as 2026-05-01 or 2026-05-01T08:00:00Z.",
    });
  const store = await openState(context);
  try {
    const cursor = await store.events.cursorAt(at);
    await store.events.follow(readerOf(hook.url), systemClock.now());
    // An event that is under way is told before: its note of how far it is meets another cursor, and is dropped.
    await store.events.advance(readerOf(hook.url), cursor, {});
    const events = await store.events.countAfter(cursor);
    if (context.json) printJson({ name: hookName(hook.url), events });
    else printLine(`${hookName(hook.url)} is told again from ${at === 0 ? "the beginning" : localTime(at)}.`);
  } finally {
    await store.close();
  }
}

/** @param which its number in the list, or a machine that only one has */
async function find(context: Context, which: string): Promise<WebhookConfig> {
  const { config } = await readConfig(context);
  const named = config.webhooks.filter(({ url }) => hookName(url) === which);
  const hook = /^\d+$/.test(which)
    ? config.webhooks[Number(which) - 1]
    : named.length === 1
      ? named[0]
      : undefined;
  if (hook) return hook;
  throw new TapbackError("USAGE", `there is no webhook ${which}`, {
    hint: "Name one by its number in `tapback webhooks list`.",
  });
}

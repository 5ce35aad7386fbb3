import { accountDefaults, type Config, resolveAccount } from "../../config/index.js";
import { askGateway } from "../../control/index.js";
import { findDraft } from "../../facts/index.js";
import { TapbackError } from "../../platform/index.js";
import type { Draft, Store } from "../../store/index.js";
import { type Decided, decideDraft, ownersOf, rewordDraft } from "../../turns/index.js";
import { type Context, readConfig } from "../context.js";
import { printJson, printLine } from "../output.js";
import { openState } from "../state.js";

/** Who decided, as the other owners read it. */
const by = "command line";

export interface WordsOptions {
  message?: string;
}

/** `tapback drafts send`: whether or not the gateway runs; one that runs sends it at once, else the next one does. */
export async function send(context: Context, { message }: WordsOptions, id: string): Promise<undefined> {
  if (message?.trim() === "") throw new TapbackError("USAGE", "--message needs words");
  return settle(context, id, (store, draft, config) =>
    decideDraft(store, draft, { sends: true, by, words: message }, rulesOf(config, draft), Date.now()),
  );
}

/** `tapback drafts drop`. */
export async function drop(context: Context, id: string): Promise<undefined> {
  return settle(context, id, (store, draft, config) =>
    decideDraft(store, draft, { sends: false, by }, rulesOf(config, draft), Date.now()),
  );
}

/** `tapback drafts edit`: other words, which owners are asked about anew. */
export async function edit(context: Context, { message = "" }: WordsOptions, id: string): Promise<undefined> {
  if (message.trim() === "") throw new TapbackError("USAGE", "--message needs words");
  return settle(context, id, async (store, draft, config) => {
    const owners = await ownersOf(config, draft.account, store);
    return rewordDraft(store, draft, message, { rules: rulesOf(config, draft), owners }, Date.now());
  });
}

type Work = (store: Store, draft: Draft, config: Config) => Promise<Decided>;

/** @throws `DRAFT_UNKNOWN`, `DRAFT_SETTLED`, `DRAFT_WORDLESS` */
async function settle(context: Context, id: string, work: Work): Promise<undefined> {
  const { config } = await readConfig(context);
  const store = await openState(context);
  try {
    const draft = await findDraft(store, id);
    const done = await work(store, draft, config);
    const { text } = done;
    if (!done.counted) throw new TapbackError(done.code, text);
    // A running gateway looks at once; without one the next start does.
    await askGateway(context.stateDir, "changed", {}, 2000).catch(() => undefined);
    const { state } = (await store.drafts.get(draft.id))!;
    if (context.json) return void printJson({ id: draft.id, state, text });
    printLine(text);
  } finally {
    await store.close();
  }
}

function rulesOf(config: Config, { account }: Draft) {
  return resolveAccount(config, account) ?? accountDefaults;
}

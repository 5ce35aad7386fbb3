import type { Config } from "../../config/index.js";
import { cutText, maxFiles } from "../../conversation/index.js";
import { showable, turnNotice } from "../../outbound/index.js";
import type { Log } from "../../platform/index.js";
import type { Store, Turn, TurnEnd } from "../../store/index.js";
import type { TurnAccounts } from "../accounts.js";
import type { Drafts } from "../drafts/drafts.js";
import type { TurnMacs } from "../macs/macs.js";
import type { Composed, KeptBlock, ReplyBlock } from "../running/answer.js";
import type { Streaming } from "../running/bubbles.js";
import type { Composing, ReplyComposer } from "../running/parts.js";
import type { TurnFolders } from "../turn-folders.js";
import type { Mirror } from "../voice/mirror.js";
import { baseOf, composeReplies } from "./compose.js";
import { keepFiles, restName, stageReplies, stageRest } from "./stage.js";
import { threadOf } from "./thread.js";

/** What answers are composed with. */
export interface AnswerComposerDeps {
  store: Store;
  log: Log;
  config: () => Config;
  folders: Pick<TurnFolders, "namedOf" | "outgoing">;
  accounts: TurnAccounts;
  drafts: Drafts;
  mirror: Pick<Mirror, "isFor" | "speak">;
  macs: Pick<TurnMacs, "isRetried">;
}

/** Composes answers as the settings of the turn's account have it, with their files staged. */
export class AnswerComposer implements ReplyComposer {
  constructor(private readonly deps: AnswerComposerDeps) {}

  streaming(turn: Turn): Streaming {
    const { streaming, maxBubbles } = this.deps.accounts.settingsOf(turn.account);
    // An owner reads all of a draft at once, and an answer by voice is one recording.
    const isWhole = this.deps.drafts.holdsAnswerOf(turn) || this.#isSpoken(turn);
    return { mode: isWhole ? "final" : streaming, maxBubbles };
  }

  notesFor(turn: Turn): string[] {
    return this.deps.drafts.notesFor(turn);
  }

  hold(turn: Turn, end: TurnEnd): Promise<TurnEnd> {
    return this.deps.drafts.holdEnd(turn, end);
  }

  async keep(turn: Turn, block: ReplyBlock, before: number): Promise<KeptBlock> {
    if (block.media === undefined || turn.envelope.listening) return { block, notes: [] };
    const { accounts, folders, log } = this.deps;
    const { mediaMaxMb } = accounts.settingsOf(turn.account);
    const kept = await keepFiles(block, folders.namedOf(turn.id), mediaMaxMb, maxFiles - before);
    for (const note of kept.notes) log.warn(`a file of an answer is not sent: ${note}`, { turn: turn.id });
    return kept;
  }

  async compose(turn: Turn, blocks: ReplyBlock[], how: Composing): Promise<Composed> {
    if (turn.envelope.listening) return unsaid(blocks);
    const { store, config, accounts, folders, log, macs } = this.deps;
    if (how.failed && (await macs.isRetried(turn))) return { messages: [], notes: [] };
    const thread = await threadOf(turn, blocks, how, store);
    const settings = accounts.settingsOf(turn.account);
    const staged = await stageReplies(blocks, folders.outgoing, settings.mediaMaxMb);
    for (const note of staged.notes) log.warn(`a file of an answer is not sent: ${note}`, { turn: turn.id });
    const rules = { messages: config().messages, account: settings };
    const { messages, rest, said } = composeReplies(turn, staged.blocks, how, rules, thread);
    if (how.error && messages[0] && isOwnersOwn(turn)) {
      const { text } = turnNotice(turn, how.error, await store.journal.ofTurn(turn.id));
      const { runs: _, ...first } = messages[0];
      return { messages: [{ ...first, text: showable(cutText(text, longestCause)) }], notes: [] };
    }
    if (rest === undefined && !how.failed && how.sent === 0 && this.#isSpoken(turn)) {
      const { signal = new AbortController().signal } = how;
      const spoken = await this.deps.mirror.speak(turn, { messages, said }, settings.textChunkLimit, signal);
      return { messages: spoken.messages, notes: [...staged.notes, ...spoken.notes] };
    }
    if (rest === undefined) return { messages, notes: staged.notes };
    const file = await stageRest(rest, folders.outgoing, settings.mediaMaxMb);
    const note = file.ok
      ? `the answer was too long for ${settings.maxBubbles} messages: its rest was sent as ${restName}`
      : `the rest of an answer beyond ${settings.maxBubbles} messages is not sent: ${file.error.message}`;
    if (file.ok) messages.push({ ...baseOf(turn), file: file.value.path });
    else log.warn(note, { turn: turn.id });
    const tellNext = toldOfCut(settings.maxBubbles, file.ok ? undefined : file.error.message);
    return { messages, notes: [...staged.notes, note], tellNext };
  }

  /** Whoever says yes to a draft reads it: such an answer goes as text. */
  #isSpoken(turn: Turn): boolean {
    return this.deps.mirror.isFor(turn) && !this.deps.drafts.holdsAnswerOf(turn);
  }
}

/** Who reads along speaks by the message tool alone (behaviour 18.8); `explain` has what the answer was. */
function unsaid(blocks: readonly ReplyBlock[]): Composed {
  const said = showable(blocks.map(({ text }) => text).join("\n\n")).trim();
  const note = `Nobody addressed the agent, so its answer was not sent: ${cutText(said, longestCause)}`;
  return { messages: [], notes: said === "" ? [] : [note] };
}

/** Whether the turn is an owner's in the own direct chat, who may read the cause right there (behaviour 6.2). */
export function isOwnersOwn({ envelope: { sender, chat } }: Turn): boolean {
  return sender.isOwner && !chat.isGroup;
}

/** An owner reads it on a phone, UTF-16 code units. */
const longestCause = 600;

/** What an agent is told of an answer that was cut (behaviour 8.1); whether all of it went out is not known yet. @param failure why the rest is not sent */
function toldOfCut(maxBubbles: number, failure: string | undefined): string {
  const what = `Your last answer here was longer than the ${maxBubbles} messages that one answer may have (maxBubbles)`;
  return failure === undefined
    ? `${what}: its rest was put into a file, ${restName}.`
    : `${what}: its rest is not sent, ${failure}.`;
}

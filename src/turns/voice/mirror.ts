import { join } from "node:path";
import type { Config } from "../../config/index.js";
import { isRecording } from "../../conversation/index.js";
import { holdsLink, outgoingFolder } from "../../outbound/index.js";
import type { Log } from "../../platform/index.js";
import type { NewOutboxItem, Turn } from "../../store/index.js";
import type { TurnAccounts } from "../accounts.js";
import type { TurnFolders } from "../turn-folders.js";
import { speak } from "./speak.js";
import type { VoicePlace } from "./voice-command.js";

/** A longer answer goes as text, UTF-16 code units: nobody listens for more than two minutes. */
const longestSpeech = 2000;

/** What answers are spoken with. */
export interface MirrorDeps {
  config: () => Pick<Config, "voice">;
  where: VoicePlace;
  stateDir: string;
  accounts: Pick<TurnAccounts, "can" | "settingsOf">;
  folders: Pick<TurnFolders, "pathOf">;
  log: Log;
}

/** Answers a recording by a recording, where that was asked for and can be (behaviour 18.6). */
export class Mirror {
  constructor(private readonly deps: MirrorDeps) {}

  /** Whether the answer of a turn is to be spoken: its newest message is a recording, and the build can send one. */
  isFor({ account, envelope }: Turn): boolean {
    const { answer, speak: command } = this.deps.config().voice;
    if (answer !== "mirror" || command === undefined) return false;
    const newest = envelope.messages.at(-1);
    if (!newest?.attachments.some(({ mimeType }) => isRecording(mimeType))) return false;
    return this.deps.accounts.can(account, "voice");
  }

  /**
   * Puts a recording in the place of an answer's text. The text stays beside it, and goes where the recording turns out not to.
   * @param answer.messages texts before files
   * @param answer.said what is spoken: the texts without the prefix
   * @param limit of one message, UTF-16 code units
   * @returns the messages as they came where the answer is not spoken, with why for `explain` where that failed
   */
  async speak(
    turn: Turn,
    { messages, said }: { messages: NewOutboxItem[]; said: string },
    limit: number,
    signal: AbortSignal,
  ): Promise<{ messages: NewOutboxItem[]; notes: string[] }> {
    const { config, where, stateDir, accounts, folders, log } = this.deps;
    const command = config().voice.speak;
    const [first, ...rest] = messages.filter(({ file }) => file === undefined);
    const text = [first, ...rest].map((message) => message?.text ?? "").join("\n");
    if (!command || !first || text.length > limit || !canBeHeard(said)) return { messages, notes: [] };
    const made = await speak(
      said,
      command,
      {
        folder: join(folders.pathOf(turn.id), "voice"),
        outgoing: outgoingFolder(stateDir),
        maxMb: accounts.settingsOf(turn.account).mediaMaxMb,
        name: `answer-${turn.id.slice(0, 8)}`,
      },
      where,
      signal,
    );
    if (!made.ok) {
      const { code, message } = made.error;
      log.warn(`an answer is not spoken, it goes as text: ${message}`, { code, turn: turn.id });
      return { messages, notes: [`${code}: the answer goes as text: ${message}`] };
    }
    const { runs: _, ...whole } = first;
    const files = messages.filter(({ file }) => file !== undefined);
    return { messages: [{ ...whole, text, file: made.value.path, voice: true }, ...files], notes: [] };
  }
}

/** What is to be tapped or copied is of no use to the ear. */
function canBeHeard(said: string): boolean {
  return said.length <= longestSpeech && !holdsLink(said);
}

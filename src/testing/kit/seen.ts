import { formatTarget } from "../../conversation/index.js";
import { transcriptLine } from "../../simulator/index.js";
import type { OutboxItem, Turn } from "../../store/index.js";
import type { Message, Scene } from "./scene.js";
import type { Story } from "./stories.js";

/** Of a long text in a story; the transcript has it whole. */
const longest = 60;

/**
 * What a world saw: the transcript, and what the gateway made of each message, as lines for whoever reads of a failure.
 * @param of a conversation or a message, of whose chats alone it is told; of everything when absent
 */
export function whatWasSeen(scene: Scene, of?: { chatIds: readonly number[] } | Message): string {
  const chats = of && ("chatIds" in of ? of.chatIds : [of.chatId]);
  const isThere = (chatId: number) => chats === undefined || chats.includes(chatId);
  const transcript = scene.transcript().filter(({ chatId }) => isThere(chatId));
  const stories = scene.stories.all.filter(({ entry }) => !entry.row.fromMe && isThere(entry.row.chat.id));
  const known = new Set(stories.map(({ entry }) => entry.row.guid));
  const unseen = scene.messages.filter(({ guid, chatId }) => !known.has(guid) && isThere(chatId));
  const none = ["  nothing"];
  return [
    "What everybody wrote:",
    ...(transcript.length === 0 ? none : transcript.map((entry) => indented(transcriptLine(entry)))),
    "What became of it when time last passed:",
    ...(stories.length + unseen.length === 0 ? none : stories.flatMap(storyLines)),
    ...unseen.map(({ text }) => `  “${shortened(text)}”: the gateway has not seen it`),
    ...(scene.warnings.length === 0
      ? []
      : ["What the gateway warned of:", ...scene.warnings.map((line) => `  ${line}`)]),
  ].join("\n");
}

/** The story of one message, as `tapback explain` tells it (behaviour 14). */
function storyLines({ entry, turn, replies }: Story): string[] {
  const { row, decision } = entry;
  return [
    `  “${shortened(row.text)}” of ${row.sender}: ${decision?.kind ?? "not decided"}${
      decision && "reason" in decision ? ` (${decision.reason})` : ""
    }`,
    ...(decision?.gates ?? []).map(
      ({ gate, passed, detail, key }) =>
        `    ${passed ? "✓" : "✗"} ${gate}: ${detail}${key ? ` [${key}]` : ""}`,
    ),
    ...(decision && "remedy" in decision ? [`    ${decision.remedy}`] : []),
    ...(turn === undefined ? [] : [`    ${turnWords(turn)}`, ...turn.notes.map((note) => `      ${note}`)]),
    ...replies.map((item) => `    ${sendWords(item)}`),
  ];
}

function turnWords({ agentId, state, attempt, error }: Turn): string {
  const again = attempt > 1 ? `, attempt ${attempt}` : "";
  const why =
    error === undefined ? "" : `: ${error.code}: ${error.message}${error.cause ? ` (${error.cause})` : ""}`;
  return `turn of ${agentId}: ${state}${again}${why}`;
}

/** One send, in a line. */
export function sendWords({ text, file, act, target, state, error }: OutboxItem): string {
  const what = act?.name ?? (text === undefined ? `the file ${file}` : `“${shortened(text)}”`);
  return `sent ${what} to ${formatTarget(target)}: ${state}${error ? ` (${error.code}: ${error.message})` : ""}`;
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

function indented(text: string): string {
  return `  ${text.replaceAll("\n", "\n    ")}`;
}

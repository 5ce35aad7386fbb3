import { basename } from "node:path";
import { cutText, effectFor, effectNames, shownText, tapbackEmoji } from "../../conversation/index.js";
import type { OutboxAct, OutboxItem, Store } from "../../store/index.js";

/** What is quoted of a message that a part is about, UTF-16 code units. */
const quoted = 80;

/** What a part of a draft would send or do, as owners read it (behaviour 18.1): a text as it stands, the rest in brackets. */
export async function partWords(part: OutboxItem, store: Pick<Store, "journal">): Promise<string> {
  const { act, text, file, voice, effect, replyTo, account } = part;
  const quote = (guid: unknown) => quoteOf(String(guid), account, store);
  if (act) return `(${await actWords(act, quote)})`;
  const more = [
    replyTo === undefined ? undefined : `in reply to ${await quote(replyTo)}`,
    effect === undefined ? undefined : `with the effect ${nameOfEffect(effect)}`,
  ].filter((each) => each !== undefined);
  const how = more.length > 0 ? ` ${more.join(", ")}` : "";
  if (file !== undefined) return `(sends the ${voice ? "voice message" : "file"} ${basename(file)}${how})`;
  return how === "" ? (text ?? "") : `${text ?? ""}\n(${how.trim()})`;
}

async function actWords(
  { name, parameters: given }: OutboxAct,
  quote: (guid: unknown) => Promise<string>,
): Promise<string> {
  switch (name) {
    case "react": {
      const emoji =
        tapbackEmoji[String(given.reaction) as keyof typeof tapbackEmoji] ?? String(given.reaction);
      const message = await quote(given.message);
      return given.remove ? `takes its ${emoji} off ${message}` : `reacts ${emoji} to ${message}`;
    }
    case "edit":
      return `changes ${await quote(given.message)} into: ${String(given.text)}`;
    case "unsend":
      return `takes back ${await quote(given.message)}`;
    case "renameGroup":
      return given.name === "" ? "takes the group's name away" : `names the group "${String(given.name)}"`;
    case "setGroupIcon":
      return `sets the group's picture to ${basename(String(given.file))}`;
    case "addParticipant":
      return `adds ${String(given.address)} to the group`;
    case "removeParticipant":
      return `removes ${String(given.address)} from the group`;
    case "leaveGroup":
      return "leaves the group";
    case "poll":
      return `asks in a poll: ${String(given.question)} (${(given.options as string[]).join(", ")})`;
    case "pollVote":
      return `votes in the poll ${await quote(given.poll)}`;
    default:
      return name;
  }
}

async function quoteOf(guid: string, account: string, store: Pick<Store, "journal">): Promise<string> {
  const row = (await store.journal.findByGuid(guid, account))?.row;
  const question = row?.poll?.question;
  const text = typeof question === "string" ? question : row ? shownText(row) : "";
  return text === "" ? "a message" : `"${cutText(text.replace(/\s+/g, " "), quoted)}"`;
}

function nameOfEffect(id: string): string {
  return effectNames.find((name) => effectFor(name) === id) ?? id;
}

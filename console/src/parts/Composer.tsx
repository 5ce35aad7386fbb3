import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Chat, Message } from "../state/answers.js";
import { post, type Refused } from "../state/ask.js";
import { quoted, sendCommand } from "../state/commands.js";
import { calledBy } from "../state/names.js";
import { Writing } from "../state/writing.js";
import { Command } from "./Command.js";
import { Trouble } from "./Trouble.js";

const account = "";

/** Writes into a conversation: as one of its people where they are simulated, or as the account. */
export function Composer({
  chat,
  messages,
  isSimulated,
  onSent,
}: {
  chat: Chat;
  messages: readonly Message[];
  isSimulated: boolean;
  onSent: () => void;
}) {
  const people = isSimulated ? peopleOf(chat, messages) : [];
  const chosen = useSignal<string | undefined>(undefined);
  const who = chosen.value ?? people[0]?.handle ?? account;
  const text = useSignal("");
  const writing = useRef(new Writing());
  const isBusy = useSignal(false);
  const refused = useSignal<Refused | undefined>(undefined);
  const words = text.value.trim();
  const send = async (event: Event) => {
    event.preventDefault();
    if (words === "" || isBusy.value) return;
    isBusy.value = true;
    try {
      if (who === account) await writing.current.send(chat, words);
      else {
        const group = chat.isGroup ? { chat: Number(chat.chat.replace("chat_id:", "")) } : {};
        const path = `/v1/phone/say?account=${encodeURIComponent(chat.account)}`;
        await post(path, { from: who, text: words, ...group });
      }
      // What was typed while it was sent is another message.
      if (text.value.trim() === words) text.value = "";
      refused.value = undefined;
      onSent();
    } catch (error) {
      refused.value = error as Refused;
    }
    isBusy.value = false;
  };
  const name = people.find(({ handle }) => handle === who)?.name ?? "this account";
  return (
    <form class="composer" onSubmit={send}>
      <Trouble of={refused.value} />
      {people.length > 0 && (
        <label>
          <span class="quiet">As </span>
          <select value={who} onChange={({ currentTarget }) => (chosen.value = currentTarget.value)}>
            {people.map(({ handle, name: called }) => (
              <option key={handle} value={handle}>
                {called}
              </option>
            ))}
            <option value={account}>This account</option>
          </select>
        </label>
      )}
      <div class="write">
        <textarea
          rows={1}
          dir="auto"
          aria-label={`Write as ${name}`}
          placeholder={who === account ? "Write as this account" : `Write as ${name}`}
          value={text.value}
          onInput={({ currentTarget }) => (text.value = currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.isComposing) void send(event);
          }}
        />
        <button type="submit" class="main" disabled={words === "" || isBusy.value}>
          Send
        </button>
      </div>
      <Command line={commandOf(who, chat, words)} />
    </form>
  );
}

function commandOf(who: string, chat: Chat, words: string): string {
  const said = words || "…";
  if (who === account) return sendCommand(chat, said);
  return `imsg-sim say --from ${quoted(who)}${chat.isGroup ? ` --chat ${chat.chat.replace("chat_id:", "")}` : ""} --text ${quoted(said)}`;
}

/** Who may write there, by their handles, with the names that their messages carry. */
function peopleOf(chat: Chat, messages: readonly Message[]): { handle: string; name: string }[] {
  const handles = chat.isGroup ? chat.participants : [chat.identifier];
  return handles.filter(Boolean).map((handle) => {
    const named = messages.find(
      ({ sender, senderName, fromMe }) => !fromMe && sender === handle && senderName,
    );
    return { handle, name: calledBy(handle, named?.senderName) };
  });
}

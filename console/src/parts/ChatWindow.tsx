import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { nameOf } from "../pages/Conversations.js";
import type { Chat, ChatRow } from "../state/answers.js";
import { get } from "../state/ask.js";
import { bubblesOf } from "../state/bubbles.js";
import { useResource } from "../state/resource.js";
import { BubbleView } from "./BubbleView.js";
import { Composer } from "./Composer.js";
import { Trouble } from "./Trouble.js";

/** Rows of a conversation at first, and with the earlier ones: no page grows beyond what a browser draws in a moment. */
const fewRows = 100;
const manyRows = 200;

/** One conversation. */
export function ChatWindow({
  chat,
  isSimulated,
  close,
}: {
  chat: Chat;
  isSimulated: boolean;
  close: string;
}) {
  const count = useSignal(fewRows);
  const messages = useResource(
    `${chat.account} ${chat.chat} ${count.value}`,
    () =>
      get<{ items: ChatRow[] }>("/v1/bubbles", {
        ...{ account: chat.account, chat: chat.chat, limit: String(count.value) },
      }),
    ["journal", "outbox"],
  );
  const rows = messages.value?.items ?? [];
  const bubbles = bubblesOf(rows.toReversed());
  const end = useRef<HTMLDivElement>(null);
  const newest = rows[0]?.id;
  useLayoutEffect(() => {
    if (end.current) end.current.scrollTop = end.current.scrollHeight;
  }, [newest]);
  const name = nameOf(chat);
  return (
    <section class="chat" aria-label={`Conversation with ${name}`}>
      <header>
        <h2>
          <bdi>{name}</bdi>
        </h2>
        <a href={close} aria-label={`Close ${name}`}>
          Close
        </a>
      </header>
      <Trouble of={messages.refused} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached with the keyboard */}
      <div class="bubbles" ref={end} tabIndex={0} role="log" aria-label="Messages">
        {rows.length === fewRows && count.value === fewRows && (
          <button type="button" class="plain" onClick={() => (count.value = manyRows)}>
            Earlier messages
          </button>
        )}
        {rows.length === manyRows && <p class="pause">What is older is in the inbox.</p>}
        {bubbles.map((bubble) => (
          <BubbleView key={bubble.message.id} bubble={bubble} isGroup={chat.isGroup} />
        ))}
      </div>
      <Composer
        key={chat.chat}
        chat={chat}
        messages={rows}
        isSimulated={isSimulated}
        onSent={messages.again}
      />
    </section>
  );
}

import { useLayoutEffect, useRef } from "preact/hooks";
import { nameOf } from "../pages/Conversations.js";
import type { Chat, Message, Page } from "../state/answers.js";
import { get } from "../state/ask.js";
import { type Bubble, bubblesOf } from "../state/bubbles.js";
import { to } from "../state/place.js";
import { useResource } from "../state/resource.js";
import { Composer } from "./Composer.js";
import { Said } from "./Said.js";
import { Trouble } from "./Trouble.js";

const shownMessages = "100";

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
  const messages = useResource(
    chat.account + chat.chat,
    () =>
      get<Page<Message>>("/v1/messages", { account: chat.account, chat: chat.chat, limit: shownMessages }),
    ["journal", "outbox"],
  );
  const bubbles = bubblesOf((messages.value?.items ?? []).toReversed());
  const end = useRef<HTMLDivElement>(null);
  const newest = messages.value?.items[0]?.id;
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
        {bubbles.map((bubble) => (
          <BubbleView key={bubble.message.id} bubble={bubble} isGroup={chat.isGroup} />
        ))}
      </div>
      <Composer
        key={chat.chat}
        chat={chat}
        messages={messages.value?.items ?? []}
        isSimulated={isSimulated}
        onSent={messages.again}
      />
    </section>
  );
}

function BubbleView({ bubble, isGroup }: { bubble: Bubble; isGroup: boolean }) {
  const { message, tapbacks, quoted, isFirstOfWriter, isAfterPause } = bubble;
  const { id, fromMe, senderName, sender, text, attachments, sentAt } = message;
  const date = new Date(sentAt);
  return (
    <>
      {isAfterPause && (
        <p class="pause">
          <time dateTime={sentAt}>
            {date.toLocaleString(undefined, {
              weekday: "short",
              day: "numeric",
              month: "short",
              hour: "2-digit",
              minute: "2-digit",
            })}
          </time>
        </p>
      )}
      <div class={fromMe ? "said-by mine" : "said-by"}>
        {isFirstOfWriter && isGroup && !fromMe && (
          <p class="writer">
            <bdi>{senderName || sender}</bdi>
          </p>
        )}
        {quoted !== undefined && (
          <p class="quote" dir="auto">
            {quoted.slice(0, 120)}
          </p>
        )}
        <a
          class={fromMe ? "bubble mine" : "bubble"}
          href={to(["inbox", String(id)])}
          title={date.toLocaleString()}
          dir="auto"
        >
          {fromMe && <span class="unseen">This account: </span>}
          {text ? <Said text={text} /> : attachments.length === 0 ? <em>No text</em> : null}
          {attachments.map(({ name, mimeType }) => (
            <span class="file" key={name}>
              <bdi>{name || mimeType}</bdi>
            </span>
          ))}
        </a>
        {tapbacks.length > 0 && (
          <p class="tapbacks">
            <span class="unseen">Tapbacks: </span>
            {tapbacks.join(" ")}
          </p>
        )}
      </div>
    </>
  );
}

import { useSignal } from "@preact/signals";
import { Ago } from "../parts/Ago.js";
import { ChatWindow } from "../parts/ChatWindow.js";
import { NewPhone } from "../parts/NewPhone.js";
import { Empty, Page } from "../parts/Page.js";
import { Trouble } from "../parts/Trouble.js";
import type { Chat, Page as PageOf } from "../state/answers.js";
import { get } from "../state/ask.js";
import { calledBy } from "../state/names.js";
import { go, place, to } from "../state/place.js";
import { useResource } from "../state/resource.js";

/** Chats that stand side by side. */
const mostOpen = 3;

const keyOf = ({ account, chat }: Pick<Chat, "account" | "chat">) => `${account} ${chat}`;

/** @returns what a chat is called, people by their names where those are known */
export function nameOf({ name, identifier, participants, chat, isGroup }: Chat): string {
  const all = participants.map((handle) => calledBy(handle)).join(", ");
  return name || (isGroup ? "" : calledBy(identifier)) || all || chat;
}

function secondLine(chat: Chat): string {
  if (chat.isGroup) return `Group of ${chat.participants.length}`;
  return chat.identifier === nameOf(chat) ? "" : chat.identifier;
}

/** The conversations as bubbles, and a phone in the browser where the account is the simulator. */
export function ConversationsPage() {
  const chats = useResource("", () => get<PageOf<Chat>>("/v1/chats", { limit: "100" }), ["journal"]);
  const phone = useResource("", () => get<{ account: string; simulated: boolean }>("/v1/phone"), []);
  const isMaking = useSignal(false);
  const open = place.value.rest;
  const isSimulated = phone.value?.simulated === true;
  const several = new Set(chats.value?.items.map(({ account }) => account)).size > 1;
  const isEmpty = chats.value?.items.length === 0;
  const shown = open.flatMap((key) => chats.value?.items.find((chat) => keyOf(chat) === key) ?? []);
  return (
    <Page
      title="Chats"
      aside={
        isSimulated && (
          <button
            type="button"
            aria-expanded={isMaking.value}
            onClick={() => (isMaking.value = !isMaking.value)}
          >
            New phone or group
          </button>
        )
      }
    >
      <Trouble of={chats.refused} />
      {(isMaking.value || (isEmpty && isSimulated)) && (
        <NewPhone
          onMade={(chat) => {
            isMaking.value = false;
            chats.again();
            go(["conversations", keyOf({ account: phone.value!.account, chat: `chat_id:${chat}` })]);
          }}
        />
      )}
      {isEmpty && !isSimulated && <Empty>Nobody has written yet.</Empty>}
      <div class={open.length > 0 ? "split chosen chats" : "split chats"}>
        <section class="list" aria-label="Conversations">
          <ul class="rows">
            {chats.value?.items.map((chat) => {
              const key = keyOf(chat);
              const isOpen = open.includes(key);
              const beside = [...open.slice(-mostOpen + 1), key];
              return (
                <li key={key} class="chat-row">
                  <a class="row" href={to(["conversations", key])} aria-current={isOpen ? "true" : undefined}>
                    <span class="who">
                      <bdi>{nameOf(chat)}</bdi>
                    </span>
                    <span class="when">
                      <Ago at={chat.lastMessageAt} />
                    </span>
                    <span class="said quiet">
                      {[secondLine(chat), several ? chat.account : ""].filter(Boolean).join(" · ") ||
                        "Direct"}
                    </span>
                  </a>
                  {open.length > 0 && !isOpen && (
                    <a
                      class="beside"
                      href={to(["conversations", ...beside])}
                      aria-label={`Open ${nameOf(chat)} beside`}
                      title="Open beside"
                    >
                      +
                    </a>
                  )}
                </li>
              );
            })}
          </ul>
        </section>
        <div class="windows">
          {shown.map((chat) => (
            <ChatWindow
              key={keyOf(chat)}
              chat={chat}
              isSimulated={isSimulated && chat.account === phone.value?.account}
              close={to(["conversations", ...open.filter((key) => key !== keyOf(chat))])}
            />
          ))}
        </div>
      </div>
    </Page>
  );
}

import { useSignal } from "@preact/signals";
import { Ago } from "../parts/Ago.js";
import { Command } from "../parts/Command.js";
import { SearchField } from "../parts/Field.js";
import { Empty, Page } from "../parts/Page.js";
import { Standing } from "../parts/Standing.js";
import { StoryPanel } from "../parts/StoryPanel.js";
import { Trouble } from "../parts/Trouble.js";
import type { InboxMessage, Page as PageOf } from "../state/answers.js";
import { get } from "../state/ask.js";
import { calledBy } from "../state/names.js";
import { go, place, to } from "../state/place.js";
import { useResource } from "../state/resource.js";

const shows: [value: string, label: string][] = [
  ["all", "All"],
  ["answered", "Answered"],
  ["waiting", "Under way"],
  ["dropped", "Dropped"],
  ["failed", "Failed"],
];

/** Rows on a page: few enough for every browser, whatever the inbox holds. */
const rowsOnPage = 100;

/** What came in, and what became of it. */
export function InboxPage() {
  const { rest, query } = place.value;
  const [chosen] = rest;
  const show = query.get("show") ?? "all";
  const words = query.get("words") ?? "";
  const cursor = query.get("from") ?? "";
  const asked = { show, words, cursor, limit: String(rowsOnPage) };
  const inbox = useResource(JSON.stringify(asked), () => get<PageOf<InboxMessage>>("/v1/inbox", asked), [
    "journal",
    "turns",
  ]);
  const filter = (changed: Record<string, string>) => go(["inbox"], { show, words, ...changed });
  return (
    <Page title="Inbox">
      <div class="tools">
        <fieldset class="choices" aria-label="Which messages">
          {shows.map(([value, label]) => (
            <button
              type="button"
              key={value}
              aria-pressed={show === value}
              onClick={() => filter({ show: value })}
            >
              {label}
            </button>
          ))}
        </fieldset>
        <Search words={words} onSearch={(sought) => filter({ words: sought })} />
      </div>
      <Trouble of={inbox.refused} />
      <div class={chosen ? "split chosen" : "split"}>
        <section aria-label="Messages" class="list">
          {inbox.value?.items.length === 0 && (
            <Empty>
              {show === "all" && words === "" ? "Nothing came in yet." : "Nothing that came in is like that."}
            </Empty>
          )}
          <ul class="rows">
            {inbox.value?.items.map((message) => (
              <Row
                key={message.id}
                message={message}
                isChosen={String(message.id) === chosen}
                query={{ show, words, from: cursor }}
              />
            ))}
          </ul>
          <p class="paging">
            {cursor && <a href={to(["inbox"], { show, words })}>Newest</a>}
            {inbox.value?.next && (
              <a href={to(["inbox"], { show, words, from: inbox.value.next })}>Older messages</a>
            )}
          </p>
          <Command line={commandOf(show)} />
        </section>
        {chosen && (
          <StoryPanel key={chosen} id={chosen} back={to(["inbox"], { show, words, from: cursor })} />
        )}
      </div>
    </Page>
  );
}

function commandOf(show: string): string {
  const option = show === "dropped" || show === "failed" ? ` --${show}` : "";
  return `tapback inbox${option}`;
}

function Row({
  message,
  isChosen,
  query,
}: {
  message: InboxMessage;
  isChosen: boolean;
  query: Record<string, string>;
}) {
  const { id, sender, senderName, fromMe, chatName, text, tapback, attachments, sentAt } = message;
  const who = fromMe ? "This account" : calledBy(sender, senderName);
  const files = attachments.map(({ name }) => name).join(", ");
  const said = text || (tapback ? `${tapback.emoji} on a message` : files || "No text");
  return (
    <li>
      <a class="row" href={to(["inbox", String(id)], query)} aria-current={isChosen ? "true" : undefined}>
        <span class="who">
          <bdi>{who}</bdi>
          {chatName && (
            <span class="quiet">
              {" "}
              in <bdi>{chatName}</bdi>
            </span>
          )}
        </span>
        <span class="when">
          <Ago at={sentAt} />
        </span>
        <span class="said">
          <bdi>{said.slice(0, 300)}</bdi>
        </span>
        <Standing message={message} />
      </a>
    </li>
  );
}

function Search({ words, onSearch }: { words: string; onSearch: (words: string) => void }) {
  const typed = useSignal(words);
  return (
    <search>
      <form
        class="search"
        onSubmit={(event) => {
          event.preventDefault();
          onSearch(typed.value);
        }}
      >
        <SearchField
          label="Search in messages and names"
          of={typed}
          onEmptied={() => words !== "" && onSearch("")}
        />
      </form>
    </search>
  );
}

import type { ComponentChildren } from "preact";
import type { Draft, PairingRequest } from "../state/answers.js";
import { get } from "../state/ask.js";
import { connection } from "../state/live.js";
import { place, to } from "../state/place.js";
import { useResource } from "../state/resource.js";
import { Icon, type IconName } from "./Icon.js";
import { useQuestions } from "./Questions.js";

const pages: [name: IconName, label: string][] = [
  ["conversations", "Chats"],
  ["inbox", "Inbox"],
  ["people", "People"],
  ["drafts", "Drafts"],
  ["agents", "Agents"],
  ["health", "Health"],
  ["usage", "Usage"],
  ["settings", "Settings"],
];

/** The frame of every page: where one is, where one can go, and whether what is shown is up to date. */
export function Shell({ children }: { children: ComponentChildren }) {
  const requests = useResource("", () => get<{ items: PairingRequest[] }>("/v1/pairing"), [
    "journal",
    "outbox",
  ]);
  const drafts = useResource("", () => get<{ items: Draft[] }>("/v1/drafts"), ["drafts", "outbox"]);
  const questions = useQuestions();
  const waiting: Partial<Record<IconName, number>> = {
    people: requests.value?.items.length ?? 0,
    drafts: (drafts.value?.items.length ?? 0) + (questions.value?.items.length ?? 0),
  };
  const here = place.value.page;
  return (
    <div class="shell">
      <nav aria-label="Pages">
        <p class="brand">Tapback</p>
        <ul>
          {pages.map(([name, label]) => (
            <li key={name}>
              <a href={to([name])} aria-current={here === name ? "page" : undefined}>
                <Icon name={name} />
                <span>{label}</span>
                {(waiting[name] ?? 0) > 0 && (
                  <span class="badge">
                    {waiting[name]}
                    <span class="unseen"> waiting</span>
                  </span>
                )}
              </a>
            </li>
          ))}
        </ul>
        <Connection />
      </nav>
      <main id="page" class={`page ${here}`} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

const words = { opening: "Connecting", live: "Up to date", away: "The gateway is away" };

function Connection() {
  return (
    <p class={`connection ${connection.value}`} role="status">
      {words[connection.value]}
    </p>
  );
}

import { useSignal } from "@preact/signals";
import { Ago } from "../parts/Ago.js";
import { Command } from "../parts/Command.js";
import { DoButton } from "../parts/DoButton.js";
import { Empty, Page } from "../parts/Page.js";
import { Questions } from "../parts/Questions.js";
import { Said } from "../parts/Said.js";
import { Trouble } from "../parts/Trouble.js";
import type { Draft } from "../state/answers.js";
import { get, post } from "../state/ask.js";
import { quoted } from "../state/commands.js";
import { place, to } from "../state/place.js";
import { useResource } from "../state/resource.js";

/** What agents ask, what waits for an owner's yes, and what became of the rest. */
export function DraftsPage() {
  const state = place.value.query.get("state") === "all" ? "all" : "held";
  const drafts = useResource(state, () => get<{ items: Draft[] }>("/v1/drafts", { state }), [
    "drafts",
    "outbox",
  ]);
  return (
    <Page title="Drafts">
      <Questions />
      <div class="tools">
        <fieldset class="choices" aria-label="Which drafts">
          <a href={to(["drafts"])} aria-current={state === "held" ? "true" : undefined}>
            Waiting
          </a>
          <a href={to(["drafts"], { state: "all" })} aria-current={state === "all" ? "true" : undefined}>
            All
          </a>
        </fieldset>
      </div>
      <Trouble of={drafts.refused} />
      {drafts.value?.items.length === 0 && <Empty>Nothing waits for a yes.</Empty>}
      <ul class="cards">
        {drafts.value?.items.map((draft) => (
          <DraftCard
            key={`${draft.id} ${draft.state} ${textOf(draft)}`}
            draft={draft}
            onSettled={drafts.again}
          />
        ))}
      </ul>
      <Command line={`tapback drafts list${state === "all" ? " --all" : ""}`} />
    </Page>
  );
}

function textOf({ parts }: Draft): string {
  return parts.flatMap((part) => (part.kind === "text" ? [part.text] : [])).join("\n\n");
}

function DraftCard({ draft, onSettled }: { draft: Draft; onSettled: () => void }) {
  const { id, to: whom, createdAt, parts, agentId, state, decidedBy } = draft;
  const first = textOf(draft);
  const text = useSignal(first);
  const isOpen = state === "held" || state === "overtaken";
  const isChanged = text.value !== first && text.value.trim() !== "";
  const act =
    (verb: string, body = {}) =>
    async () => {
      await post(`/v1/drafts/${encodeURIComponent(id)}/${verb}`, body);
      onSettled();
    };
  return (
    <li class="card">
      <h2>
        To <bdi>{whom}</bdi>
      </h2>
      <p class="quiet">
        {agentId} · <Ago at={createdAt} /> · <code>{id}</code>
        {state !== "held" && ` · ${state}${decidedBy ? ` by ${decidedBy}` : ""}`}
      </p>
      {draft.for && (
        <blockquote dir="auto">
          <Said text={draft.for.text} />
        </blockquote>
      )}
      {isOpen ? (
        <textarea
          dir="auto"
          rows={Math.min(10, first.split("\n").length + 2)}
          aria-label={`Text of the draft to ${whom}`}
          value={text.value}
          onInput={({ currentTarget }) => (text.value = currentTarget.value)}
        />
      ) : (
        <p class="bubble mine" dir="auto">
          {first}
        </p>
      )}
      {parts.map((part, index) =>
        part.kind === "text" ? null : (
          <p key={index} class="quiet">
            {part.kind === "file" ? `File: ${part.file}` : `Does: ${part.action.name}`}
          </p>
        ),
      )}
      {isOpen && (
        <>
          <p class="buttons">
            <DoButton kind="main" act={act("send", isChanged ? { text: text.value } : {})}>
              {isChanged ? "Send these words" : "Send"}
            </DoButton>
            <DoButton disabled={!isChanged} act={act("edit", { text: text.value })}>
              Keep the words
            </DoButton>
            <DoButton act={act("drop")} ask="Drop it?">
              Drop
            </DoButton>
          </p>
          <Command line={`tapback drafts send ${id}${isChanged ? ` --message ${quoted(text.value)}` : ""}`} />
        </>
      )}
    </li>
  );
}

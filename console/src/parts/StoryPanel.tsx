import type { ComponentChildren } from "preact";
import type { Message, Story } from "../state/answers.js";
import { get } from "../state/ask.js";
import { calledBy } from "../state/names.js";
import { to } from "../state/place.js";
import { useResource } from "../state/resource.js";
import { Ago, Clock } from "./Ago.js";
import { Command } from "./Command.js";
import { Said } from "./Said.js";
import { Trouble } from "./Trouble.js";

/** The story of one message, from its arrival to the delivery of what answered it. */
export function StoryPanel({ id, back }: { id: string; back: string }) {
  const story = useResource(id, async () => {
    const path = encodeURIComponent(id);
    return Promise.all([get<Message>(`/v1/messages/${path}`), get<Story>(`/v1/explain/${path}`)]);
  }, ["journal", "turns", "outbox", "drafts"]);
  return (
    <section class="story" aria-label="Story of the message">
      <a class="back" href={back}>
        Close
      </a>
      <Trouble of={story.refused} />
      {story.value && <Told message={story.value[0]} story={story.value[1]} />}
      <Command line={`tapback explain ${id}`} />
    </section>
  );
}

function Told({ message, story }: { message: Message; story: Story }) {
  const { senderName, sender, fromMe, text, attachments, tapback } = message;
  return (
    <>
      <h2>
        <bdi>{fromMe ? "This account" : calledBy(sender, senderName)}</bdi>
      </h2>
      <p class="quiet">
        <bdi>{sender}</bdi> · {message.chat} · <Ago at={message.sentAt} />
      </p>
      <blockquote dir="auto">
        <Said text={text || (tapback ? `${tapback.emoji} on a message` : "No text")} />
      </blockquote>
      {attachments.length > 0 && (
        <ul class="files">
          {attachments.map(({ name, mimeType }) => (
            <li key={name}>
              <bdi>{name}</bdi> <span class="quiet">{mimeType}</span>
            </li>
          ))}
        </ul>
      )}
      {story.remedy && <p class="remedy">{story.remedy}</p>}
      <ol class="line">
        <Step at={story.receivedAt} state="good" title="Arrived" />
        {story.steps.map((step) => (
          <Step key={step.gate} at={step.at} state={step.passed ? "good" : "bad"} title={words(step.gate)}>
            {step.detail}
            {step.key && (
              <>
                {" "}
                <a href={to(["settings"], { key: step.key })}>{step.key}</a>
              </>
            )}
          </Step>
        ))}
        <TurnSteps turn={story.turn} />
        {story.actions.map((action) => (
          <Step
            key={action.at + action.name}
            at={action.at}
            state={stateOf(action.state)}
            title={`Did: ${words(action.name)}`}
          >
            {action.error?.message ?? words(action.state)}
          </Step>
        ))}
        {story.drafts.map((draft) => (
          <Step
            key={draft.id}
            at={draft.heldAt ?? draft.openedAt}
            state={draft.state === "sent" ? "good" : "busy"}
            title="Draft"
          >
            <a href={to(["drafts"])}>{draft.id}</a> {words(draft.state)}
            {draft.decidedBy && ` by ${draft.decidedBy}`}
          </Step>
        ))}
        {story.replies.map((reply) => (
          <Step key={reply.id} at={reply.sentAt} state={stateOf(reply.state)} title={sendWords(reply.state)}>
            <span class="reply" dir="auto">
              <Said text={reply.text ?? reply.file ?? ""} />
            </span>
            {reply.delivery?.readAt !== undefined && " Read."}
            {reply.error && <span class="bad-text"> {reply.error.message}</span>}
          </Step>
        ))}
      </ol>
    </>
  );
}

function TurnSteps({ turn }: { turn: Story["turn"] }) {
  if (!turn) return null;
  const { usage, error, startedAt, endedAt, queuedAt, agentId, state, attempt, notes } = turn;
  const tokens = usage.map(
    ({ model, inputTokens, outputTokens }) => `${model}: ${inputTokens} read, ${outputTokens} written`,
  );
  return (
    <>
      <Step at={queuedAt} state="good" title="Turn queued">
        For agent {agentId}
      </Step>
      {startedAt && (
        <Step at={startedAt} state="good" title="Turn began">
          {attempt > 1 && `Attempt ${attempt}`}
        </Step>
      )}
      {endedAt && (
        <Step at={endedAt} state={error ? "bad" : "good"} title={`Turn ${words(state).toLowerCase()}`}>
          {error ? `${error.message} ${error.hint ?? ""}` : [...tokens, ...notes].join("; ")}
        </Step>
      )}
    </>
  );
}

type StepState = "good" | "bad" | "busy";

function Step({
  at,
  state,
  title,
  children,
}: {
  at: string | null;
  state: StepState;
  title: string;
  children?: ComponentChildren;
}) {
  return (
    <li class={state}>
      <span class="step-when">{at && <Clock at={at} />}</span>
      <span class="mark" role="img" aria-label={marks[state]} />
      <div>
        <strong>{title}</strong>
        <div class="step-detail">{children}</div>
      </div>
    </li>
  );
}

const marks: Record<StepState, string> = { good: "passed", bad: "stopped here", busy: "under way" };

function stateOf(state: string): StepState {
  if (["delivered", "stored", "done", "sent"].includes(state)) return "good";
  return ["not_sent", "unknown", "failed"].includes(state) ? "bad" : "busy";
}

function sendWords(state: string): string {
  const known: Record<string, string> = {
    held: "Waits for a yes",
    pending: "To be sent",
    sending: "Being sent",
    stored: "Sent",
    delivered: "Sent",
    not_sent: "Not sent",
    unknown: "Nobody knows whether it was sent",
  };
  return known[state] ?? state;
}

/** A name of the state as words: `own_message`, `allowFrom`. */
function words(name: string): string {
  const spaced = name
    .replaceAll("_", " ")
    .replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

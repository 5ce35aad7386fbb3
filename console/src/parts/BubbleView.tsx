import type { ChatRow } from "../state/answers.js";
import type { Bubble } from "../state/bubbles.js";
import { calledBy } from "../state/names.js";
import { to } from "../state/place.js";
import { Said } from "./Said.js";

const became = { edited: "Edited", unsent: "Taken back" };

/** A message of a conversation, with what is on it; it leads to its story. */
export function BubbleView({ bubble, isGroup }: { bubble: Bubble; isGroup: boolean }) {
  const { message, tapbacks, quoted, isFirstOfWriter, isAfterPause } = bubble;
  const { id, fromMe, senderName, sender, sentAt, effect } = message;
  const date = new Date(sentAt);
  const marks = [
    ...(effect === null ? [] : [`Sent with ${effect}`]),
    ...(bubble.became ? [became[bubble.became]] : []),
  ];
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
            <bdi>{calledBy(sender, senderName)}</bdi>
          </p>
        )}
        {quoted !== undefined && (
          <p class="quote" dir="auto">
            {quoted.slice(0, 120)}
          </p>
        )}
        <a
          class={`bubble${fromMe ? " mine" : ""}${bubble.became === "unsent" ? " unsent" : ""}`}
          href={to(["inbox", String(id)])}
          title={date.toLocaleString()}
          dir="auto"
        >
          {fromMe && <span class="unseen">This account: </span>}
          <Content bubble={bubble} />
        </a>
        {tapbacks.length > 0 && (
          <p class="tapbacks">
            <span class="unseen">Tapbacks: </span>
            {tapbacks.join(" ")}
          </p>
        )}
        {marks.length > 0 && <p class="marks">{marks.join(" · ")}</p>}
      </div>
    </>
  );
}

function Content({ bubble: { message, text, votes } }: { bubble: Bubble }) {
  const { attachments, poll, change } = message;
  if (poll?.kind === "created")
    return (
      <span class="poll">
        <strong>{poll.question || "A poll"}</strong>
        {poll.options.map((option) => (
          <span key={option.id} class="option">
            {option.text} <Votes count={votes.get(option.id) ?? 0} />
          </span>
        ))}
      </span>
    );
  if (poll) return <em>A vote in an earlier poll</em>;
  if (change) return <em>{change.kind === "edited" ? "Edited" : "Took back"} an earlier message</em>;
  return (
    <>
      {text ? <Said text={text} /> : attachments.length === 0 ? <em>No text</em> : null}
      {attachments.map((file) => (
        <FileMark key={file.name} file={file} />
      ))}
    </>
  );
}

function Votes({ count }: { count: number }) {
  return (
    <span class="votes">
      {count} <span class="unseen">{count === 1 ? "vote" : "votes"}</span>
    </span>
  );
}

const kinds: [of: RegExp, mark: string][] = [
  [/^image\//, "🖼"],
  [/^audio\//, "🎤"],
  [/^video\//, "🎬"],
  [/^text\/(x-)?vcard/, "👤"],
];

function FileMark({ file: { name, mimeType, bytes, missing } }: { file: ChatRow["attachments"][number] }) {
  const mark = kinds.find(([of]) => of.test(mimeType))?.[1] ?? "📎";
  return (
    <span class="file">
      <span aria-hidden="true">{mark}</span> <bdi>{name || mimeType}</bdi>{" "}
      <span class="size">{missing ? "not on the Mac" : sizeOf(bytes)}</span>
    </span>
  );
}

function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

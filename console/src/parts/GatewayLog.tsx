import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { LogLine } from "../state/answers.js";
import { get } from "../state/ask.js";
import { useResource } from "../state/resource.js";
import { Command } from "./Command.js";
import { Option } from "./Field.js";
import { Empty } from "./Page.js";
import { Trouble } from "./Trouble.js";

const shownLines = "200";

/** The newest lines of the gateway's log, followed while one wants. */
export function GatewayLog() {
  const isFollowed = useSignal(true);
  const log = useResource("", () => get<{ items: LogLine[] }>("/v1/log", { limit: shownLines }), ["log"]);
  const held = useRef<LogLine[]>([]);
  if (isFollowed.value) held.current = log.value?.items ?? [];
  const lines = held.current;
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (box.current && isFollowed.value) box.current.scrollTop = box.current.scrollHeight;
  }, [lines.at(-1)?.id, isFollowed.value]);
  return (
    <section aria-labelledby="log">
      <div class="tools">
        <h2 id="log">Log</h2>
        <p class="options">
          <Option of={isFollowed}>Follow</Option>
        </p>
      </div>
      <Trouble of={log.refused} />
      {log.value && lines.length === 0 && <Empty>Nothing was logged since the console is on.</Empty>}
      {lines.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached with the keyboard
        <div class="log" ref={box} tabIndex={0} role="log" aria-live="off" aria-labelledby="log">
          {lines.map(({ id, at, level, text }) => (
            <p key={id} class={level}>
              <time dateTime={at}>{new Date(at).toLocaleTimeString()}</time> <strong>{level}</strong>{" "}
              <bdi>{text}</bdi>
            </p>
          ))}
        </div>
      )}
      <Command line="tapback logs --follow" />
    </section>
  );
}

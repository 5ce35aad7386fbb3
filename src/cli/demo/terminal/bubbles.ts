import { localTime } from "../../../platform/index.js";
import { clip, columns, harmless, pad, wrap } from "../../columns.js";
import type { Bubble } from "../session.js";
import type { Paint } from "./paint.js";
import type { Row } from "./screen.js";

/** `18:04` and a space. */
const timeWidth = 6;
/** A bubble leaves this much of the pane free, so that it is seen which side it belongs to. */
const share = 0.8;

/** Lays out a conversation: mine right, theirs left, a gap where the speaker changes, the time at a bubble's last line. */
export function layBubbles(bubbles: Bubble[], width: number, paint: Paint): Row[] {
  const rows: Row[] = [];
  bubbles.forEach((bubble, index) => {
    if (index > 0) rows.push([]);
    rows.push(...layBubble(bubble, width, paint));
  });
  return rows;
}

function layBubble({ mine, text, at, tapbacks = [] }: Bubble, width: number, paint: Paint): Row[] {
  const room = Math.max(4, Math.min(Math.floor(width * share), width - timeWidth - 1) - 2);
  const lines = wrap(harmless(text), room);
  const inner = Math.max(...lines.map(columns));
  const left = mine ? Math.max(0, width - inner - 3) : 0;
  const time = localTime(at, at).slice(0, 5);
  const rows = lines.map((line, index): Row => {
    const body = {
      column: left,
      text: paint(mine ? "mine" : "theirs", edge(pad(line, inner), mine, paint.colours)),
    };
    if (index < lines.length - 1) return [body];
    const stamp = { column: mine ? Math.max(0, left - timeWidth) : inner + 3, text: paint("faint", time) };
    return mine ? [stamp, body] : [body, stamp];
  });
  // Under the bubble: a terminal has no corner to put them on.
  if (tapbacks.length > 0) rows.push([{ column: left + 1, text: clip(tapbacks.join(" "), inner + 1) }]);
  return rows;
}

/** Where no colour tells the sides apart, a line at the outer edge does. */
function edge(line: string, mine: boolean, coloured: boolean): string {
  if (coloured) return ` ${line} `;
  return mine ? ` ${line}▕` : `▏${line} `;
}

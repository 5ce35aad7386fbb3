import { clip, columns } from "../../columns.js";
import type { Session } from "../session.js";
import { layBubbles } from "./bubbles.js";
import { layEvent } from "./events.js";
import type { LineEditor } from "./line-editor.js";
import type { Paint } from "./paint.js";
import type { Frame, Row } from "./screen.js";

/** Below this there is room for one pane only, columns. */
const twoPanes = 80;
const phoneShare = 0.52;
const widestPhone = 72;
/** Heading, two rules, the line that is written, keys. */
const furniture = 5;

export interface View {
  session: Pick<Session, "bubbles" | "events" | "state" | "offer" | "console">;
  editor: LineEditor;
  /** Lines that the conversation is scrolled up by. */
  scrolled: number;
}

/** Lays out the whole screen. @returns it, and how far the conversation can be scrolled up */
export function layFrame(
  { session, editor, scrolled }: View,
  { width, height }: { width: number; height: number },
  paint: Paint,
): { frame: Frame; scrolls: number } {
  const wide = width >= twoPanes;
  const phone = wide ? Math.min(widestPhone, Math.floor(width * phoneShare)) : width;
  const middle = Math.max(1, height - furniture);
  const talk =
    session.bubbles.length > 0 ? layBubbles(session.bubbles, phone - 1, paint) : greeting(phone, paint);
  const scrolls = Math.max(0, talk.length - middle);
  const offset = Math.min(scrolled, scrolls);
  const shown = talk.slice(Math.max(0, talk.length - middle - offset), talk.length - offset);
  const chat: Row[] = [...Array.from({ length: middle - shown.length }, (): Row => []), ...shown];
  const rule: Row = [{ column: 0, text: paint("faint", "─".repeat(width)) }];
  const body = wide ? besides(chat, session.events, phone, width, paint) : chat;
  const { text, cursor } = editor.view(width - 4);
  const rows: Row[] = [
    heading(session.state, wide ? phone : undefined, width, paint),
    consoleLine(session.console, width, paint) ?? rule,
    ...body,
    rule,
    [{ column: 0, text: `${paint("strong", "›")} ${text}` }],
    keys(session, wide, offset > 0, width, paint),
  ];
  // Where even that does not fit, the line that is written stays.
  const fitting = rows.slice(Math.max(0, rows.length - height));
  return { frame: { rows: fitting, cursor: { row: fitting.length - 2, column: 2 + cursor } }, scrolls };
}

function heading(state: Session["state"], phone: number | undefined, width: number, paint: Paint): Row {
  const lamp = {
    starting: paint("faint", "○ starting"),
    ready: `${paint("good", "●")} connected`,
    ending: paint("faint", "○ ending"),
  }[state];
  const row: Row = [
    { column: 0, text: `${paint("strong", "Messages")}${paint("faint", phone ? "  Mia Wong’s phone" : "")}` },
  ];
  if (phone !== undefined) row.push({ column: phone + 2, text: paint("strong", "Gateway") });
  row.push({ column: width - columns(lamp), text: lamp });
  return row;
}

/** @returns the address of the console, which is of no use where it is cut */
function consoleLine(url: string | undefined, width: number, paint: Paint): Row | undefined {
  const line = `Console  ${url}`;
  return url === undefined || columns(line) > width ? undefined : [{ column: 0, text: paint("faint", line) }];
}

function besides(chat: Row[], events: Session["events"], phone: number, width: number, paint: Paint): Row[] {
  const told = events.slice(-chat.length).map((event) => layEvent(event, width - phone - 2, paint));
  return chat.map((row, index) => {
    const line: Row = [...row, { column: phone, text: paint("faint", "│") }];
    if (told[index] !== undefined) line.push({ column: phone + 2, text: told[index] });
    return line;
  });
}

function greeting(width: number, paint: Paint): Row[] {
  return [
    "You are Mia, with a phone.",
    "The agent at the other end does not know you yet.",
    "",
    "Write hello.",
  ].map((line) => {
    const shown = clip(line, width);
    return [{ column: Math.max(0, Math.floor((width - columns(shown)) / 2)), text: paint("faint", shown) }];
  });
}

function keys(
  { offer, events, state }: View["session"],
  wide: boolean,
  isScrolled: boolean,
  width: number,
  paint: Paint,
): Row {
  if (state === "ending") return [{ column: 0, text: paint("faint", "Ending…") }];
  if (offer !== undefined) {
    const rest = clip(
      wide ? `approves the code ${offer}, as the owner of the gateway would` : `approves ${offer}`,
      width - 6,
    );
    return [{ column: 0, text: `${paint("key", " Tab ")} ${paint("strong", rest)}` }];
  }
  const last = events.at(-1);
  if (!wide && last && !isScrolled) return [{ column: 0, text: layEvent(last, width, paint) }];
  const words = isScrolled ? "PgDn  back down" : "Enter  send    ↑  again    PgUp  scroll    Ctrl-C  quit";
  return [{ column: 0, text: paint("faint", clip(words, width)) }];
}

import { adviceOf, messageOf } from "../../platform/index.js";
import type { AgentEvent, AgentTurn } from "../contract.js";
import type { MediaRoots } from "../media.js";
import { replyBlock } from "../reply-block.js";
import type { ActionEvent, ReplyEvent } from "../reply-event.js";
import { unreadable, webPage } from "./errors.js";

const maxEvents = 100;

/**
 * Reads a response's body by its content type: `application/json` is one event or a list of events,
 * `application/x-ndjson` one event per line, anything else is the answer as text. Actions are run in their order; a
 * response cannot be told how they went.
 * @throws AGENT_OUTPUT when it cannot be read, or is a web page by its type
 */
export async function* readReply(
  body: string,
  contentType: string,
  turn: AgentTurn,
  roots: MediaRoots,
): AsyncGenerator<AgentEvent> {
  if (body.trim() === "") return;
  const kind = contentType.split(";", 1)[0]!.trim().toLowerCase();
  if (kind === "text/html" || kind === "application/xhtml+xml") throw webPage();
  if (kind !== "application/json" && kind !== "application/x-ndjson" && kind !== "application/jsonl") {
    yield { type: "text", text: body.trim() };
    return;
  }
  for (const event of await parse(kind === "application/json" ? values(body) : lines(body))) {
    if (event.type === "end") return;
    if (event.type === "text") {
      const { block, refused } = await replyBlock(event, roots);
      for (const { error } of refused) yield { type: "note", text: `${error.code}: ${error.message}` };
      if (block !== undefined) yield block;
    } else if (event.type === "action") {
      const problem = await act(event, turn);
      if (problem !== undefined) yield { type: "note", text: problem };
    }
  }
}

async function parse(values: unknown[]): Promise<ReplyEvent[]> {
  if (values.length > maxEvents) throw unreadable(`more than ${maxEvents} events`);
  const { parseReplyEvent } = await import("../reply-event.js");
  return values.map((value) => {
    const event = parseReplyEvent(value);
    if (!event.ok) throw unreadable(event.error);
    return event.value;
  });
}

function values(body: string): unknown[] {
  const value = json(body);
  return Array.isArray(value) ? value : [value];
}

function lines(body: string): unknown[] {
  return body
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(json);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(messageOf(error));
  }
}

async function act(event: ActionEvent, turn: AgentTurn): Promise<string | undefined> {
  const { actionParameters } = await import("../reply-event.js");
  const done = await turn.message.act(event.action, actionParameters(event));
  return done.ok ? undefined : `${event.action} failed: ${done.error.code} ${adviceOf(done.error)}`;
}

import { adviceOf, messageOf, type Result, type TapbackError } from "../../platform/index.js";
import type { AgentEvent, AgentTurn } from "../contract.js";
import type { MediaRoots } from "../media.js";
import { replyBlock } from "../reply-block.js";
import type { ActionEvent, ReplyEvent } from "../reply-event.js";
import { unreadable, webPage } from "./errors.js";

const maxEvents = 100;

/** What a service that goes on is posted with the envelope: the lines that a program would read on stdin (behaviour 6.5b). */
export type ActionResult = Record<string, unknown>;

/**
 * Reads a response's body by its content type: `application/json` is one event or a list of events,
 * `application/x-ndjson` one event per line, anything else is the answer as text. Actions are run in their order.
 * @returns how its actions and files went, when the service wants to be told and to go on
 * @throws AGENT_OUTPUT when it cannot be read, or is a web page by its type; the signal's reason before the next event
 */
export async function* readReply(
  body: string,
  contentType: string,
  turn: AgentTurn,
  roots: MediaRoots,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, ActionResult[] | undefined> {
  if (body.trim() === "") return undefined;
  const kind = contentType.split(";", 1)[0]!.trim().toLowerCase();
  if (kind === "text/html" || kind === "application/xhtml+xml") throw webPage();
  if (kind !== "application/json" && kind !== "application/x-ndjson" && kind !== "application/jsonl") {
    yield { type: "text", text: body.trim() };
    return undefined;
  }
  const results: ActionResult[] = [];
  for (const event of await parse(kind === "application/json" ? values(body) : lines(body))) {
    signal.throwIfAborted();
    if (event.type === "end") return undefined;
    if (event.type === "continue") return results;
    if (event.type === "usage") {
      yield await usage(event);
    } else if (event.type === "text") {
      const { block, refused } = await replyBlock(event, roots);
      for (const { path, error } of refused) {
        yield { type: "note", text: `${error.code}: ${error.message}` };
        results.push({ type: "refused", path, error: toldOf(error) });
      }
      if (block !== undefined) yield block;
    } else if (event.type === "action") {
      const result = { type: "result", id: event.id };
      const done = await act(event, turn);
      if (done.ok) results.push({ ...result, ok: true, value: done.value });
      else {
        results.push({ ...result, ok: false, error: toldOf(done.error) });
        yield { type: "note", text: `${event.action} failed: ${done.error.code} ${adviceOf(done.error)}` };
      }
    }
  }
  return undefined;
}

function toldOf(error: TapbackError): { code: string; message: string } {
  return { code: error.code, message: adviceOf(error) };
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

async function usage(event: ReplyEvent & { type: "usage" }): Promise<AgentEvent> {
  const { usageEvent } = await import("../reply-event.js");
  return usageEvent(event);
}

async function act(event: ActionEvent, turn: AgentTurn): Promise<Result<unknown, TapbackError>> {
  const { actFor } = await import("../turn-action.js");
  const { actionParameters } = await import("../reply-event.js");
  return actFor(turn, event.action, actionParameters(event));
}

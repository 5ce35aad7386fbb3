import { join } from "node:path";
import type { Envelope } from "../../conversation/index.js";
import { TapbackError } from "../../platform/index.js";
import type { Agent, AgentEvent, AgentTurn } from "../contract.js";
import { mediaRoots } from "../media.js";
import { replyBlock } from "../reply-block.js";
import { readAnswer } from "./read-answer.js";

/** Most `MEDIA:` lines of one block; more than a program is likely to mean. */
const mostMedia = 100;

/**
 * An agent of which only what it says to people is heard, whatever its runtime (behaviour 6.3).
 * @param workspace from which it may send files, absolute
 * @param home folder that `~` stands for
 */
export function spoken(agent: Agent, workspace: string, home: string): Agent {
  const { sessions, canSteer } = agent;
  return {
    ...(canSteer && { canSteer }),
    run: (turn, signal) => {
      const shown = shownTexts(turn.envelope);
      return speak(agent.run(showing(turn, shown), signal), { turn, shown }, workspace, home);
    },
    reset: (sessionKey) => agent.reset(sessionKey),
    close: () => agent.close(),
    ...(sessions && { sessions: () => sessions.call(agent) }),
  };
}

/** @throws AGENT_OUTPUT when the answer is a web page */
async function* speak(
  events: AsyncIterable<AgentEvent>,
  { turn, shown }: { turn: AgentTurn; shown: ReadonlySet<string> },
  workspace: string,
  home: string,
): AsyncGenerator<AgentEvent> {
  let thinking = false;
  for await (const event of events) {
    if (event.type !== "text") {
      yield event;
      continue;
    }
    const said = readAnswer(event.text, shown, thinking);
    thinking = said.thinking;
    if (isWebPage(said.text)) throw webPage();
    const { block, refused } = await replyBlock(
      {
        type: "text",
        text: said.text,
        media: said.media
          .slice(0, mostMedia)
          .map((path) => (path.startsWith("~/") ? join(home, path.slice(2)) : path)),
      },
      mediaRoots(turn, workspace),
    );
    for (const { error } of refused) yield { type: "note", text: `${error.code}: ${error.message}` };
    const left = said.media.length - mostMedia;
    if (left > 0)
      yield { type: "note", text: `${left} files beyond the ${mostMedia} of one text are not sent` };
    const media = [...(event.media ?? []), ...(block?.type === "text" ? (block.media ?? []) : [])];
    if (block === undefined && media.length === 0) continue;
    yield {
      type: "text",
      text: said.text,
      ...(media.length > 0 && { media }),
      ...(said.replyTo && { replyTo: said.replyTo }),
    };
  }
}

/** @param shown gets what the agent is shown while the turn runs */
function showing(turn: AgentTurn, shown: Set<string>): AgentTurn {
  const { steering } = turn;
  if (!steering) return turn;
  const next = async () => {
    const message = await steering.next();
    for (const text of message ? shownTexts(message.envelope) : []) shown.add(text);
    return message;
  };
  return { ...turn, steering: { listen: (onMessage) => steering.listen(onMessage), next } };
}

function shownTexts({ messages, context, notes }: Envelope): Set<string> {
  return new Set([
    ...[...messages, ...context].map(({ text }) => text.trim()),
    ...notes.map((note) => note.trim()),
  ]);
}

/** The page of a proxy or a login, which nobody was meant to read; many frameworks call any text HTML. */
function isWebPage(text: string): boolean {
  const start = text.slice(0, 2000).trimStart();
  return /^(?:<\?xml\b[^>]{0,200}>\s*|<!--[^>]{0,500}-->\s*)?<(?:!doctype\s+html|html|head|body)\b[^\n]{0,20}/i.test(
    start,
  );
}

function webPage(): TapbackError {
  return new TapbackError("AGENT_OUTPUT", "The agent's answer cannot be read: it is a web page", {
    hint: "A proxy or a login may stand before the agent. A page that is meant as an answer goes into a code block or a file.",
  });
}

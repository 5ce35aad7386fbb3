import { type AgentEvent, type AgentTurn, spoken } from "../../src/agents/index.js";
import type { Clock } from "../../src/platform/index.js";
import type { MakeAgent } from "../../src/turns/index.js";
import { everybody } from "./cast.js";
import { type Ledger, tokensOf } from "./ledger.js";
import type { Random } from "./random.js";

/** How messages begin that ask for something. */
const asked = /^m\d+ asks /;

/** What an agent tried in a conversation that is not its turn's. */
export interface Reach {
  turnId: string;
  isOwners: boolean;
  to: string;
  /** The code of the refusal; undefined where it was done. */
  code: string | undefined;
}

/** An agent that does whatever the text says, and notes what it did. */
export function playedAgent(
  ledger: Ledger,
  clock: Clock,
  random: Random,
  reached: (reach: Reach) => void,
): MakeAgent {
  const run = async function* (turn: AgentTurn, signal: AbortSignal): AsyncIterable<AgentEvent> {
    const { envelope } = turn;
    const text = envelope.messages.map((message) => message.text).join(" ");
    // What quotes an answer asks nothing new.
    const tokens = envelope.messages.flatMap((message) =>
      asked.test(message.text) ? tokensOf(message.text) : [],
    );
    const name = envelope.turnId.slice(0, 8);
    ledger.runs.push({
      turnId: envelope.turnId,
      tokens,
      chatId: envelope.chat.chatId,
      isOwners: envelope.sender.isOwner,
      attempt: turn.attempt,
    });
    const asks = (what: string) => text.includes(`asks ${what}`);
    // What it takes differs from run to run, but what it says does not.
    if (random.chance(0.5)) await clock.sleep(random.between(1, 400), signal);
    if (asks("slow")) await clock.sleep(random.between(500, 20_000), signal);
    if (asks("hangs")) await new Promise(() => {});
    if (asks("fails")) throw new Error(`it cannot answer ${name}`);
    if (asks("reaches")) await reachOut(turn, name, random, reached);
    if (asks("reacts"))
      await turn.message.act("react", { messageId: envelope.messages[0]?.sid, emoji: "love" });
    if (asks("silent")) return;
    const words = asks("long") ? 40 : 3;
    const blocks = asks("blocks") ? 3 : 1;
    ledger.answers.set(name, words * blocks);
    let word = 0;
    for (let block = 0; block < blocks; block++) {
      if (block > 0) await clock.sleep(200, signal);
      const said: string[] = [];
      for (let count = 0; count < words; count++) said.push(`t${name}.${block}.w${word++}`);
      const head = block === 0 ? `re ${tokens.join(" ")} ` : "";
      yield { type: "text", text: head + said.join(" ") };
    }
  };
  const agent = { run, reset: async () => {}, close: async () => {} };
  return async (definition, { home }) => spoken(agent, definition.workspace, home);
}

async function reachOut(
  turn: AgentTurn,
  name: string,
  random: Random,
  reached: (reach: Reach) => void,
): Promise<void> {
  const { envelope } = turn;
  const others = everybody.filter((handle) => handle !== envelope.sender.handle);
  const to = envelope.chat.isGroup ? everybody[3]! : random.pick(others);
  const done = await turn.message.act("send", { to, text: `reached by t${name}.9.w999` });
  const code = done.ok ? undefined : done.error.code;
  reached({ turnId: envelope.turnId, isOwners: envelope.sender.isOwner, to, code });
}

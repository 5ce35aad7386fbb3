import { type AgentEvent, type AgentTurn, type FurtherMessage, spoken } from "../../src/agents/index.js";
import type { Clock } from "../../src/platform/index.js";
import type { MakeAgent } from "../../src/turns/index.js";
import { macOfAccount, tokensPerTurn } from "./cast.js";
import type { Ledger } from "./ledger.js";
import { manners } from "./manners/index.js";
import type { Hands, Made } from "./manners/manner.js";
import { readFiles } from "./manners/reads.js";
import { numberOf } from "./numbers.js";
import type { Random } from "./random.js";
import { alongBlock, tokensOf } from "./words.js";

const cost = { model: "demo/one", inputTokens: 70, outputTokens: tokensPerTurn - 70, cachedInputTokens: 0 };
/** How messages begin that ask for something. */
const asked = /^m\d+ asks /;

/** An agent that does whatever the text says, and notes what it did. */
export function playedAgent(ledger: Ledger, clock: Clock, random: Random): MakeAgent {
  const run = async function* (turn: AgentTurn, signal: AbortSignal): AsyncIterable<AgentEvent> {
    const { envelope } = turn;
    const text = envelope.messages.map((message) => message.text).join(" ");
    const name = envelope.turnId.slice(0, 8);
    const chatId = numberOf(macOfAccount(envelope.accountId), envelope.chat.chatId);
    const begun = {
      turnId: envelope.turnId,
      tokens: tokensAsked(envelope),
      chatId,
      isOwners: envelope.sender.isOwner,
      isScheduled: envelope.scheduled !== undefined,
      attempt: turn.attempt,
      writers: writersOf(envelope, ledger),
      context: envelope.context.flatMap((each) =>
        asked.test(each.text) ? tokensOf(each.text).slice(0, 1) : [],
      ),
      isListening: envelope.listening === true,
    };
    ledger.run(begun);
    yield { type: "usage", ...cost };
    const hands: Hands = { turn, name, chatId, ledger, clock, random, signal };
    readFiles(hands);
    const joining = takesMore(turn, random) ? joined(turn, begun.tokens) : undefined;
    if (joining === undefined) turn.steering?.listen();
    // What it takes differs from run to run, but what it says does not.
    if (random.chance(0.5)) await clock.sleep(random.between(1, 400), signal);
    const made: Made = {};
    for (const manner of manners)
      if (text.includes(`asks ${manner.name}`)) Object.assign(made, await manner.act?.(hands));
    if (begun.isListening) await saysAlong(hands);
    if (made.question !== undefined) yield* leaveFor(made.question, ledger, clock, signal);
    if (made.isSilent) return;
    await joining?.();
    const { words = 3, blocks = 1, files } = made;
    let word = 0;
    for (let block = 0; block < blocks; block++) {
      if (block > 0) await clock.sleep(200, signal);
      const said: string[] = [];
      for (let count = 0; count < words; count++) said.push(`t${name}.${block}.w${word++}`);
      const head = block === 0 ? `re ${begun.tokens.join(" ")} ` : "";
      yield { type: "text", text: head + said.join(" "), ...(block === 0 && files && { media: files }) };
    }
  };
  const agent = { canSteer: true as const, run, reset: async () => {}, close: async () => {} };
  return async (definition, { home }) => spoken(agent, definition.workspace, home);
}

/** What quotes an answer asks nothing new. */
function tokensAsked(envelope: AgentTurn["envelope"]): string[] {
  return envelope.messages.flatMap(({ text }) => (asked.test(text) ? tokensOf(text) : []));
}

/** What an agent that reads along has to say it says by its tool, now and then. */
async function saysAlong({ turn, name, random }: Hands): Promise<void> {
  if (random.chance(0.5))
    await turn.message.act("send", { text: `along t${name}.${alongBlock}.w${turn.attempt}` });
}

/** Who wrote the messages of a turn, whatever it tells of them. */
function writersOf({ coalescedMessageGuids }: AgentTurn["envelope"], ledger: Ledger): string[] {
  const whose = (guid: string) => ledger.byGuid.get(guid)?.who ?? ledger.pollAskers.get(guid) ?? [];
  return [...new Set(coalescedMessageGuids.flatMap(whose))];
}

function takesMore({ steering }: AgentTurn, random: Random): boolean {
  return steering !== undefined && random.chance(0.7);
}

/** Takes what an owner writes meanwhile into the turn. @returns waits until all of it is taken */
function joined({ steering }: AgentTurn, tokens: string[]): () => Promise<void> {
  let work = Promise.resolve();
  const take = async () => {
    for (let next: FurtherMessage | undefined = await steering!.next(); next; next = await steering!.next()) {
      if (!(await next.taken())) return;
      tokens.push(...tokensAsked(next.envelope));
    }
  };
  steering!.listen(() => {
    work = work.then(take);
  });
  return () => work;
}

/** Puts a question to an owner, and notes what came of it. */
async function* leaveFor(
  question: string,
  ledger: Ledger,
  clock: Clock,
  signal: AbortSignal,
): AsyncIterable<AgentEvent> {
  const askedAt = clock.now();
  let answered: (option: string | undefined) => void = () => {};
  const option = new Promise<string | undefined>((resolve) => {
    answered = resolve;
  });
  signal.addEventListener("abort", () => answered(undefined), { once: true });
  yield {
    type: "permission",
    id: question,
    title: `May I do ${question}?`,
    details: `do ${question}`,
    options: [
      { id: "once", name: "Allow", kind: "allow_once" },
      { id: "no", name: "Deny", kind: "reject_once" },
    ],
    answer: answered,
  };
  if ((await option) === "once") ledger.leaves.push({ question, askedAt, givenAt: clock.now() });
}

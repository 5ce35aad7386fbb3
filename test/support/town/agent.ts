import type { Agent, AgentEvent, AgentTurn, OfferedAction } from "../../../src/agents/index.js";
import { groupId, people } from "./mac.js";

/** How far ahead agents schedule messages, milliseconds: further than all steps that do not wait take together. */
export const laterMs = 300_000;

/** A turn that runs until somebody lets it go on. */
interface Held {
  account: string;
  go: () => void;
}

/** Something that an agent was shown in a turn of an account. */
export interface Shown {
  account: string;
  what: string;
}

/**
 * An agent that does what the last word of a message says, whoever wrote it: it lists, searches and cancels what it can
 * reach, and acts on conversations and messages that it was only told of.
 */
export class TownAgent implements Agent {
  readonly held: Held[] = [];
  readonly shown: Shown[] = [];
  /** The accounts whose turns were ended while they were held. */
  readonly aborted: string[] = [];

  /**
   * @param foreign ids of another account that an agent might come to know: of messages and of what is scheduled
   * @param remembers whether what sessions keep is to be looked at: accounts share no session
   */
  constructor(
    private readonly foreign: (account: string) => { messages: string[]; schedules: string[] },
    private readonly remembers: () => boolean,
  ) {}

  async *run(turn: AgentTurn, signal: AbortSignal): AsyncGenerator<AgentEvent> {
    const { envelope, session } = turn;
    const account = envelope.accountId;
    const see = (...what: unknown[]) => void this.shown.push({ account, what: JSON.stringify(what) });
    see("envelope", envelope);
    if (this.remembers() || envelope.chat.isGroup) see("session", session);
    const words = envelope.text.split(/\s+/);
    const numbers = words.slice(-3).map(Number);
    switch (words.find((word) => word in this.#deeds)) {
      case "hold":
        await this.#hold(account, signal);
        break;
      case "ask":
        see("answered", yield* this.#ask(account, signal));
        break;
      case "later":
        await turn.schedule.add(turn.now() + laterMs, this.#word(account, turn));
        break;
      case "list":
        see("scheduled", await turn.schedule.list());
        break;
      case "cancel":
        for (const id of this.foreign(account).schedules) see("cancelled", await turn.schedule.cancel(id));
        for (const { id } of await turn.schedule.list()) await turn.schedule.cancel(id);
        break;
      case "history":
        see("recent", await turn.history?.recent(50), await turn.history?.search("-", 50));
        break;
      case "act":
        see("acted", await this.#act(turn, account, numbers));
        break;
    }
    yield { type: "text", text: this.#word(account, turn) };
    yield { type: "session", session: [session, this.#word(account, turn)].flat() };
  }

  async reset(): Promise<void> {}
  async close(): Promise<void> {}

  /** What agents know how to do. */
  readonly #deeds = { hold: 1, ask: 1, later: 1, list: 1, cancel: 1, history: 1, act: 1 };

  /** A word that tells whose it is, and that nothing on another account changes. */
  #word(account: string, { envelope }: AgentTurn): string {
    return `${account}-re ${envelope.messages.at(-1)?.guid ?? ""}`;
  }

  #hold(account: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const held = { account, go: () => this.#letGo(held, resolve) };
      this.held.push(held);
      signal.addEventListener("abort", () => {
        this.aborted.push(account);
        this.#letGo(held, () => reject(signal.reason));
      });
    });
  }

  #letGo(held: Held, then: () => void): void {
    const place = this.held.indexOf(held);
    if (place < 0) return;
    this.held.splice(place, 1);
    then();
  }

  async *#ask(account: string, signal: AbortSignal): AsyncGenerator<AgentEvent, string | undefined> {
    let answered: string | undefined;
    let go = () => {};
    const held = this.#hold(account, signal);
    go = this.held.at(-1)!.go;
    yield {
      type: "permission",
      id: "1",
      title: `${account}-asks`,
      details: "",
      options: [
        { id: "yes", name: "Yes", kind: "allow_once" },
        { id: "no", name: "No", kind: "reject_once" },
      ],
      answer: (id) => {
        answered = id;
        go();
      },
    };
    await held;
    return answered;
  }

  async #act(turn: AgentTurn, account: string, [what = 0, where = 0, which = 0]: number[]): Promise<unknown> {
    const offered = turn.message.offered();
    const action = offered[what % offered.length];
    if (!action) return undefined;
    const places = [
      {},
      ...[1, 2, 3, 4, groupId].map((chatId) => ({ chatId })),
      { chatGuid: `iMessage;-;${people[where % people.length]}` },
      { to: people[where % people.length] },
      { to: `chat_id:${groupId}` },
    ];
    const { messages } = this.foreign(account);
    const ids = ["IN-0", "IN-1", "IN-2", "OUT-0", "OUT-1", "OUT-2", messages.at(-1), messages.at(-2)];
    const values: Record<string, unknown> = {
      ...valuesOf(action, this.#word(account, turn)),
      messageId: ids[which % ids.length] ?? "zz",
    };
    const given = Object.fromEntries(
      action.parameters.flatMap(({ name }) => (values[name] === undefined ? [] : [[name, values[name]]])),
    );
    const result = await turn.message.act(action.name, { ...given, ...places[where % places.length] });
    return result.ok ? result.value : result.error.message;
  }
}

function valuesOf({ name }: OfferedAction, word: string): Record<string, unknown> {
  return {
    text: word,
    name: word,
    question: word,
    options: [`${word} a`, `${word} b`],
    emoji: "love",
    effect: "confetti",
    ...(name === "read" && { limit: 50 }),
    address: people[1],
    option: "1",
  };
}

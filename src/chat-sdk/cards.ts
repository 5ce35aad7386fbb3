import type { CardChild, CardElement, StateAdapter } from "chat";
import { TapbackError } from "../platform/index.js";
import { type Door, idIn } from "./door.js";
import { escaped } from "./postable.js";

/** A button, or an option of a select. */
export interface Choice {
  label: string;
  actionId: string;
  value?: string;
}

/** What somebody chose, and the message that has the card. */
export interface Chosen {
  choice: Choice;
  messageId: string;
}

/** A card that somebody may still choose from. */
interface OpenCard {
  messageId: string;
  choices: Choice[];
  /** The message that chose: a card in words takes one answer. */
  answeredBy?: string;
}

/** The card of a poll that is to be sent: its GUID is not known yet. */
interface WaitingCard extends OpenCard {
  /** What is to be sent: told again after a crash, it is the same. */
  item: string;
  question: string;
}

/** As long as short ids of messages hold (behaviour 11.2), milliseconds. */
const openMs = 7 * 24 * 3600_000;
/** As many as a poll takes (behaviour 11). */
const mostOfPoll = 12;

/** What a card lets people choose from, in its order. */
export function choicesOf({ children }: Pick<CardElement, "children">): Choice[] {
  return children.flatMap((child: CardChild): Choice[] => {
    if (child.type === "section") return choicesOf(child);
    if (child.type !== "actions") return [];
    return child.children.flatMap((element): Choice[] => {
      if (element.type === "link-button") return [];
      if (element.type === "button") {
        const { id: actionId, label, value, disabled } = element;
        return disabled ? [] : [{ label, actionId, ...(value !== undefined && { value }) }];
      }
      return element.options.map(({ label, value }) => ({ label, actionId: element.id, value }));
    });
  });
}

/** The links of a card's buttons, as lines of Markdown. */
export function linksOf({ children }: Pick<CardElement, "children">): string[] {
  return children.flatMap((child: CardChild): string[] => {
    if (child.type === "section") return linksOf(child);
    if (child.type !== "actions") return [];
    return child.children.flatMap((element) =>
      element.type === "link-button" ? [`${escaped(element.label)}: ${escaped(element.url)}`] : [],
    );
  });
}

/** The cards whose buttons people see: as a poll where Messages has them, else as a numbered list. The bot's state keeps them. */
export class Cards {
  constructor(private readonly state: () => Pick<StateAdapter, "get" | "set">) {}

  /**
   * Shows the choices of a card.
   * @param messageId of what the card says; absent where it says nothing
   * @returns the id of the card's message
   */
  async offer(
    door: Door,
    threadId: string,
    question: string,
    choices: Choice[],
    messageId?: string,
  ): Promise<string> {
    const poll = await sendPoll(door, question, choices);
    if (poll !== undefined) {
      const card = { messageId: messageId ?? poll.id, choices };
      if (poll.isThere) await this.#keep(pollKey(poll.id), card);
      else {
        const others = (await this.#waitingIn(threadId)).filter(({ item }) => item !== poll.id);
        await this.#keepWaiting(threadId, [...others, { ...card, item: poll.id, question }]);
      }
      return card.messageId;
    }
    const lines = choices.map(({ label }, index) => `${index + 1}\\. ${escaped(label)}`);
    const list = await door.say((messageId === undefined ? [escaped(question), ...lines] : lines).join("\n"));
    await this.#keep(listKey(threadId), { messageId: messageId ?? list, choices });
    return messageId ?? list;
  }

  /** What a vote in a poll of ours chose. @param vote the text of the option, and what is asked, where that is told */
  async voted(
    threadId: string,
    poll: string,
    vote: { text: string; question?: string },
  ): Promise<Chosen | undefined> {
    const known = () => this.state().get<OpenCard>(pollKey(poll));
    const card = (await known()) ?? (await this.#nowThere(threadId, poll, vote)) ?? (await known());
    const choice = card?.choices.find(({ label }) => label === vote.text);
    return card && choice ? { choice, messageId: card.messageId } : undefined;
  }

  /** The first vote tells which poll became of a card that waited. */
  async #nowThere(
    threadId: string,
    poll: string,
    { text, question }: { text: string; question?: string },
  ): Promise<OpenCard | undefined> {
    const waiting = await this.#waitingIn(threadId);
    const found = waiting.find(
      (card) =>
        (question === undefined || question.trim() === card.question.trim()) &&
        card.choices.some(({ label }) => label === text),
    );
    if (!found) return undefined;
    const { question: _, item: __, ...card } = found;
    await this.#keep(pollKey(poll), card);
    await this.#keepWaiting(
      threadId,
      waiting.filter((each) => each !== found),
    );
    return card;
  }

  async #waitingIn(threadId: string): Promise<WaitingCard[]> {
    return (await this.state().get<WaitingCard[]>(waitingKey(threadId))) ?? [];
  }

  async #keepWaiting(threadId: string, cards: WaitingCard[]): Promise<void> {
    await this.state().set(waitingKey(threadId), cards, openMs);
  }

  /**
   * What a message chose from the newest list of its conversation: by a number, or by the words of a choice. A list takes one
   * answer, and from the same message again after a crash.
   */
  async written(threadId: string, text: string, messageId: string): Promise<Chosen | undefined> {
    const card = await this.state().get<OpenCard>(listKey(threadId));
    if (!card || (card.answeredBy !== undefined && card.answeredBy !== messageId)) return undefined;
    const said = text.trim().toLowerCase();
    const choice =
      card.choices.find(({ label }) => label.trim().toLowerCase() === said) ??
      (/^\d{1,2}$/.test(said) ? card.choices[Number(said) - 1] : undefined);
    if (!choice) return undefined;
    await this.#keep(listKey(threadId), { ...card, answeredBy: messageId });
    return { choice, messageId: card.messageId };
  }

  async #keep(key: string, card: OpenCard): Promise<void> {
    await this.state().set(key, card, openMs);
  }
}

/** @returns its GUID, or the id of what is still to be sent; undefined where it is not surely there and will not be */
async function sendPoll(
  door: Door,
  question: string,
  choices: Choice[],
): Promise<{ id: string; isThere: boolean } | undefined> {
  const options = choices.map(({ label }) => label);
  const isFit =
    options.length >= 2 && options.length <= mostOfPoll && new Set(options).size === options.length;
  if (!isFit) return undefined;
  try {
    const facts = await door.act("poll", { question, options });
    const isThere = typeof facts.MessageSidFull === "string";
    // For a limit, or for an owner's yes.
    const waits = facts.queued === true || facts.draft !== undefined;
    return isThere || waits ? { id: idIn(facts), isThere } : undefined;
  } catch (error) {
    if (error instanceof TapbackError) return undefined;
    throw error;
  }
}

function pollKey(guid: string): string {
  return `tapback:poll:${guid.toLowerCase()}`;
}

function listKey(threadId: string): string {
  return `tapback:list:${threadId}`;
}

function waitingKey(threadId: string): string {
  return `tapback:waiting:${threadId}`;
}

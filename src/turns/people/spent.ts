import type { ModelProvider } from "../../config/index.js";
import { ownValue } from "../../platform/index.js";
import type { CountedTurn, Usage } from "../../store/index.js";

/** By what turns are put together. */
export type SpentBy = "person" | "agent" | "day";

/** What turns came to (behaviour 18.3d). */
export interface Spent {
  /** The person's first handle, the agent's id or the day; `""` for people who were forgotten. */
  of: string;
  turns: number;
  /** Turns that told no tokens. */
  untold: number;
  /** Of the turns that told; null where none did. */
  inputTokens: number | null;
  outputTokens: number | null;
  /** Null where not all of it is known: a turn told no tokens, a model has no price, or there are several currencies. */
  cost: { amount: number; currency: string } | null;
}

/** What a million tokens of each model cost. */
type Prices = { providers: Readonly<Record<string, Pick<ModelProvider, "prices">>> };

/**
 * Adds up what turns cost. A turn that answered several people counts for each of them.
 * @param prices by provider and model, as they are now
 * @param personOf the handle by which a person is listed, whichever of theirs it was
 * @returns by name
 */
export function spentBy(
  turns: readonly CountedTurn[],
  by: SpentBy,
  prices: Prices,
  personOf: (handle: string) => string,
): Spent[] {
  const groups = new Map<string, CountedTurn[]>();
  for (const turn of turns)
    for (const name of namesOf(turn, by, personOf)) groups.set(name, [...(groups.get(name) ?? []), turn]);
  return [...groups]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, own]) => sumOf(name, own, prices));
}

/** What all turns came to together. */
export function spentInAll(turns: readonly CountedTurn[], prices: Prices): Spent {
  return sumOf("", turns, prices);
}

function namesOf({ people, agentId, day }: CountedTurn, by: SpentBy, personOf: (handle: string) => string) {
  if (by === "agent") return [agentId];
  if (by === "day") return [day];
  return people.length === 0 ? [""] : [...new Set(people.map(personOf))];
}

function sumOf(of: string, turns: readonly CountedTurn[], prices: Prices): Spent {
  const told = turns.filter(({ usage }) => usage !== undefined);
  const parts = told.flatMap(({ usage }) => usage!);
  const sum = (field: "inputTokens" | "outputTokens") =>
    told.length === 0 ? null : parts.reduce((total, part) => total + part[field], 0);
  return {
    ...{ of, turns: turns.length, untold: turns.length - told.length },
    ...{ inputTokens: sum("inputTokens"), outputTokens: sum("outputTokens") },
    cost: told.length < turns.length ? null : costOf(parts, prices),
  };
}

function costOf(parts: readonly Usage[], { providers }: Prices): Spent["cost"] {
  let amount = 0;
  const currencies = new Set<string>();
  for (const { model, inputTokens, outputTokens } of parts) {
    const slash = model.indexOf("/");
    const price = ownValue(ownValue(providers, model.slice(0, slash))?.prices, model.slice(slash + 1));
    if (slash < 1 || !price) return null;
    amount += (inputTokens * price.inputPerMTok + outputTokens * price.outputPerMTok) / 1e6;
    currencies.add(price.currency);
  }
  const [currency] = currencies;
  return currency === undefined || currencies.size > 1 ? null : { amount, currency };
}

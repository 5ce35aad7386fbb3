import type { Spent } from "./spent.js";

/** Tokens as people read them: `1,234`, `1,234 and 2 turns unknown`, `unknown`. */
export function tokenWords({ turns, untold }: Spent, tokens: number | null): string {
  if (tokens === null) return turns === 0 ? "0" : "unknown";
  const count = tokens.toLocaleString("en-US");
  return untold === 0 ? count : `${count} and ${untold} ${untold === 1 ? "turn" : "turns"} unknown`;
}

/** A cost as people read it: `0.12 USD`; a price below a cent with as many digits as say something. */
export function costWords({ cost }: Spent): string {
  if (cost === null) return "unknown";
  const digits =
    cost.amount > 0 && cost.amount < 0.01
      ? { maximumSignificantDigits: 2 }
      : { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return `${cost.amount.toLocaleString("en-US", digits)} ${cost.currency}`;
}

/** All of it in one line, for a chat. */
export function spentLine(spent: Spent): string {
  const { turns, inputTokens, outputTokens } = spent;
  const tokens = inputTokens === null ? null : inputTokens + (outputTokens ?? 0);
  const told = turns === 0 ? "" : `, ${tokenWords(spent, tokens)} tokens`;
  const cost = spent.cost === null ? "" : `, ${costWords(spent)}`;
  return `${turns} ${turns === 1 ? "turn" : "turns"}${told}${cost}`;
}

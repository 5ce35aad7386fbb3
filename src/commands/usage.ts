import { regionOf } from "../config/index.js";
import { localDay } from "../platform/index.js";
import { People, spentBy, spentInAll, spentLine } from "../turns/index.js";
import type { CommandContext, TypedCommand } from "./contract.js";

/** How far back it tells, days, today with them. */
const days = 30;
/** Most people that an owner is shown. */
const mostShown = 30;

/** `/usage`: what turns cost, to owners of everybody, to others their own (behaviour 18.3d). */
export const usageCommand: TypedCommand = {
  name: "usage",
  usage: "/usage",
  summary: "how many turns you had, and what they cost",
  quick: false,
  who: "admitted",
  async run(context) {
    return context.isOwner ? { toOwner: await ofEverybody(context) } : ofOne(context);
  },
};

async function ofEverybody({ store, config, clock, entry }: CommandContext): Promise<string> {
  const now = clock.now();
  const turns = await store.allowance.counted(localDay(now, days - 1));
  const people = new People(config, regionOf(config, entry.account));
  const today = turns.filter(({ day }) => day === localDay(now));
  const rows = spentBy(turns, "person", config.models, (handle) => people.personOf(handle));
  return [
    `Today: ${spentLine(spentInAll(today, config.models))}.`,
    `${days} days: ${spentLine(spentInAll(turns, config.models))}.`,
    ...rows
      .slice(0, mostShown)
      .map((spent) => `${spent.of || "people who were forgotten"}: ${spentLine(spent)}`),
    ...(rows.length > mostShown
      ? [`and ${rows.length - mostShown} more; \`tapback usage\` has them all`]
      : []),
  ].join("\n");
}

async function ofOne({ store, config, clock, entry, handle }: CommandContext): Promise<string> {
  const now = clock.now();
  const { handles, turnsPerDay, tokensPerDay } = new People(config, regionOf(config, entry.account)).of(
    handle,
  );
  const all = await store.allowance.counted(localDay(now, days - 1), handles);
  // Beside a limit stands what counts for it.
  const turns = all.filter(({ listening }) => !listening);
  const today = turns.filter(({ day }) => day === localDay(now));
  const limits = [
    ...(turnsPerDay ? [`${turnsPerDay.most} turns`] : []),
    ...(tokensPerDay ? [`${tokensPerDay.most.toLocaleString("en-US")} tokens`] : []),
  ];
  return [
    `Today: ${spentLine(spentInAll(today, config.models))}.`,
    ...(limits.length > 0 ? [`Your limit of a day: ${limits.join(" and ")}.`] : []),
    `${days} days: ${spentLine(spentInAll(turns, config.models))}.`,
  ].join("\n");
}

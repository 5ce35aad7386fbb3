import { defaultAccountId, regionOf } from "../../config/index.js";
import { localDay, TapbackError } from "../../platform/index.js";
import { costWords, People, type Spent, type SpentBy, spentBy, tokenWords } from "../../turns/index.js";
import { type Context, readConfig } from "../context.js";
import { printJson, printLine, table } from "../output.js";
import { withStateIfAny } from "../state.js";

const bys: readonly SpentBy[] = ["person", "agent", "day"];

/** `tapback usage`: turns, tokens and cost (behaviour 18.3d). @throws `USAGE` */
export async function usage(context: Context, options: { by?: string; days?: string }): Promise<undefined> {
  const by = bys.find((each) => each === options.by);
  if (by === undefined)
    throw new TapbackError("USAGE", `--by is one of ${bys.join(", ")}, not "${options.by}"`);
  const days = Number(options.days);
  if (!Number.isInteger(days) || days < 1 || days > 100_000)
    throw new TapbackError("USAGE", `--days is a number of days, not "${options.days}"`);
  const { config } = await readConfig(context);
  const people = new People(config, regionOf(config, defaultAccountId(config)));
  const since = localDay(Date.now(), days - 1);
  const turns = (await withStateIfAny(context, (store) => store?.allowance.counted(since))) ?? [];
  const rows = spentBy(turns, by, config.models, (handle) => people.personOf(handle));
  if (context.json) return void printJson(rows.map((row) => factsOf(row, by)));
  if (rows.length === 0) return void printLine(`No turn began in the last ${days} days.`);
  printLine(
    table(
      [by.toUpperCase(), "TURNS", "READ", "WRITTEN", "COST"],
      rows.map((row) => [
        row.of || "(forgotten)",
        String(row.turns),
        tokenWords(row, row.inputTokens),
        tokenWords(row, row.outputTokens),
        costWords(row),
      ]),
    ),
  );
}

const fields = { person: "person", agent: "agentId", day: "day" } as const;

function factsOf({ of, ...spent }: Spent, by: SpentBy): object {
  return { [fields[by]]: by === "person" && of === "" ? null : of, ...spent };
}

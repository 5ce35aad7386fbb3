import { Command } from "../parts/Command.js";
import { DayPlot } from "../parts/DayPlot.js";
import { Empty, Page } from "../parts/Page.js";
import { Trouble } from "../parts/Trouble.js";
import type { UsageDay } from "../state/answers.js";
import { get } from "../state/ask.js";
import { useResource } from "../state/resource.js";

const days = "30";
const whole = (value: number) => value.toLocaleString();
const seconds = (value: number) => `${value.toLocaleString(undefined, { maximumFractionDigits: 1 })} s`;

/** What turns came to and how long they took, day by day. */
export function UsagePage() {
  const usage = useResource("", () => get<{ items: UsageDay[] }>("/v1/usage", { days }), ["turns"]);
  const items = usage.value?.items ?? [];
  const isUsed = items.some(({ turns }) => turns > 0);
  const hasTokens = items.some(({ inputTokens }) => inputTokens !== null);
  const currencies = new Set(items.flatMap(({ cost }) => cost?.currency ?? []));
  const [currency] = currencies;
  return (
    <Page title="Usage" aside={<p class="quiet">The last {days} days</p>}>
      <Trouble of={usage.refused} />
      {usage.value && !isUsed && <Empty>No turn began in these days.</Empty>}
      {isUsed && (
        <>
          <DayPlot
            title="Turns"
            items={items}
            series={[{ name: "Turns", of: ({ turns }) => turns, words: whole }]}
          />
          <DayPlot
            title="Time of a turn"
            items={items}
            series={[
              { name: "19 of 20 within", of: (day) => day.seconds?.slow ?? null, words: seconds },
              { name: "Half within", of: (day) => day.seconds?.median ?? null, words: seconds },
            ]}
          />
          {hasTokens && (
            <DayPlot
              title="Tokens"
              items={items}
              series={[
                { name: "Read", of: ({ inputTokens }) => inputTokens, words: whole },
                { name: "Written", of: ({ outputTokens }) => outputTokens, words: whole },
              ]}
            />
          )}
          {currencies.size === 1 && (
            <DayPlot
              title="Cost"
              items={items}
              series={[
                {
                  name: "Cost",
                  of: ({ cost }) => cost?.amount ?? null,
                  words: (value) => `${value.toFixed(2)} ${currency}`,
                },
              ]}
            />
          )}
          <p class="quiet">
            A turn takes from when it is queued to its end; only turns that ended well are counted there.
          </p>
        </>
      )}
      <Command line={`tapback usage --by day --days ${days}`} />
    </Page>
  );
}

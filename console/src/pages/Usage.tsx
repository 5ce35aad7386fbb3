import { Command } from "../parts/Command.js";
import { Empty, Page } from "../parts/Page.js";
import { Trouble } from "../parts/Trouble.js";
import type { UsageDay } from "../state/answers.js";
import { get } from "../state/ask.js";
import { useResource } from "../state/resource.js";

const days = "30";
const width = 900;
const height = 160;

/** What turns came to, day by day. */
export function UsagePage() {
  const usage = useResource("", () => get<{ items: UsageDay[] }>("/v1/usage", { days }), ["turns"]);
  const items = usage.value?.items ?? [];
  const used = items.filter(({ turns }) => turns > 0);
  return (
    <Page title="Usage" aside={<p class="quiet">The last {days} days</p>}>
      <Trouble of={usage.refused} />
      {usage.value && used.length === 0 && <Empty>No turn began in these days.</Empty>}
      {used.length > 0 && (
        <>
          <Plot title="Turns" items={items} of={({ turns }) => turns} />
          {used.some(({ outputTokens }) => outputTokens !== null) && (
            <Plot title="Tokens written" items={items} of={({ outputTokens }) => outputTokens ?? 0} />
          )}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached with the keyboard */}
          <section class="scroll" aria-label="Figures of each day" tabIndex={0}>
            <table>
              <thead>
                <tr>
                  <th scope="col">Day</th>
                  <th scope="col">Turns</th>
                  <th scope="col">Tokens read</th>
                  <th scope="col">Tokens written</th>
                  <th scope="col">Cost</th>
                </tr>
              </thead>
              <tbody>
                {used.toReversed().map(({ day, turns, inputTokens, outputTokens, cost }) => (
                  <tr key={day}>
                    <th scope="row">{day}</th>
                    <td>{turns}</td>
                    <td>{inputTokens ?? "not told"}</td>
                    <td>{outputTokens ?? "not told"}</td>
                    <td>{cost ? `${cost.amount.toFixed(2)} ${cost.currency}` : "not known"}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </>
      )}
      <Command line={`tapback usage --by day --days ${days}`} />
    </Page>
  );
}

function Plot({ title, items, of }: { title: string; items: UsageDay[]; of: (day: UsageDay) => number }) {
  const most = Math.max(1, ...items.map(of));
  const step = width / items.length;
  const [first, last] = [items[0]?.day, items.at(-1)?.day];
  return (
    <figure class="card plot">
      <figcaption>
        {title} <span class="quiet">at most {most.toLocaleString()} a day</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`${title} of each day from ${first} to ${last}`}
        preserveAspectRatio="none"
      >
        {items.map((day, index) => {
          const tall = (of(day) / most) * (height - 4);
          return (
            <rect key={day.day} x={index * step + 2} y={height - tall} width={step - 4} height={tall} rx="2">
              <title>{`${day.day}: ${of(day)}`}</title>
            </rect>
          );
        })}
      </svg>
      <p class="axis quiet">
        <span>{first}</span>
        <span>{last}</span>
      </p>
    </figure>
  );
}

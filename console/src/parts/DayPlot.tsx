import type { UsageDay } from "../state/answers.js";

const width = 900;
const height = 160;

/** Something that is told of each day: how tall its bar is, and how a table writes it. */
export interface Series {
  name: string;
  /** Null where it is not known, which is no bar and not zero. */
  of: (day: UsageDay) => number | null;
  /** The number as people read it. */
  words: (value: number) => string;
}

/** Figures of days as bars, and the same figures as a table beside them. @param series each stands narrower before the one before it */
export function DayPlot({ title, items, series }: { title: string; items: UsageDay[]; series: Series[] }) {
  const most = Math.max(0, ...items.flatMap((day) => series.map(({ of }) => of(day) ?? 0)));
  const told = items.filter((day) => day.turns > 0);
  const step = width / items.length;
  const [first, last] = [items[0]?.day, items.at(-1)?.day];
  return (
    <figure class="card plot">
      <figcaption>
        <h2>{title}</h2> <span class="quiet">at most {series[0]!.words(most)}</span>
      </figcaption>
      <div class="figures">
        <div>
          <svg
            viewBox={`0 0 ${width} ${height}`}
            role="img"
            aria-label={`${title} of each day from ${first} to ${last}; the same figures are in the table beside it`}
            preserveAspectRatio="none"
          >
            {series.map(({ name, of, words }, place) =>
              items.map((day, index) => {
                const value = of(day);
                if (value === null || most === 0) return null;
                const tall = (value / most) * (height - 4);
                const wide = (step - 4) / (place + 1);
                const at = {
                  x: (index + 0.5) * step - wide / 2,
                  y: height - tall,
                  width: wide,
                  height: tall,
                };
                return (
                  <rect key={name + day.day} class={`series-${place}`} {...at} rx="2">
                    <title>{`${day.day}: ${words(value)}, ${name.toLowerCase()}`}</title>
                  </rect>
                );
              }),
            )}
          </svg>
          <p class="axis quiet">
            <span>{first}</span>
            {series.length > 1 && (
              <span class="legend">
                {series.map(({ name }, place) => (
                  <span key={name} class={`series-${place}`}>
                    {name}
                  </span>
                ))}
              </span>
            )}
            <span>{last}</span>
          </p>
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached with the keyboard */}
        <section class="scroll" aria-label={`${title}: figures of each day`} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Day</th>
                {series.map(({ name }) => (
                  <th scope="col" key={name}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {told.toReversed().map((day) => (
                <tr key={day.day}>
                  <th scope="row">{day.day}</th>
                  {series.map(({ name, of, words }) => (
                    <td key={name}>{of(day) === null ? "not known" : words(of(day)!)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </div>
    </figure>
  );
}

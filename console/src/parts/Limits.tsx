import type { LimitedPerson } from "../state/answers.js";
import { get } from "../state/ask.js";
import { to } from "../state/place.js";
import { useResource } from "../state/resource.js";
import { Command } from "./Command.js";
import { Person } from "./Person.js";
import { Trouble } from "./Trouble.js";

/** Whom a limit of a day holds, with what they had today; nothing where there is none. */
export function Limits() {
  const limits = useResource("", () => get<{ items: LimitedPerson[] }>("/v1/limited"), ["turns", "health"]);
  const people = limits.value?.items ?? [];
  return (
    <section aria-labelledby="limits" hidden={people.length === 0 && !limits.refused}>
      <h2 id="limits">Limits of a day</h2>
      <Trouble of={limits.refused} />
      <ul class="card names">
        {people.map(({ handle, groups, turnsPerDay, tokensPerDay, turns, tokens }) => (
          <li key={handle}>
            <span>
              <Person handle={handle} /> <span class="quiet">in {groups.join(", ")}</span>
            </span>
            {turnsPerDay && <Used what="turns" used={turns} limit={turnsPerDay} />}
            {tokensPerDay && <Used what="tokens" used={tokens} limit={tokensPerDay} />}
          </li>
        ))}
      </ul>
      <Command line="tapback usage --by person --days 1" />
    </section>
  );
}

type Limit = NonNullable<LimitedPerson["turnsPerDay"]>;

function Used({ what, used, limit: { most, key } }: { what: string; used: number | null; limit: Limit }) {
  return (
    <a
      class={used !== null && used >= most ? "bad-text" : undefined}
      href={to(["settings"], { key })}
      title={key}
    >
      {used === null ? "not known" : used.toLocaleString()} of {most.toLocaleString()} {what}
    </a>
  );
}

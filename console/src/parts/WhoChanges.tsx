import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { SettingsChange } from "../state/answers.js";
import { query } from "../state/ask.js";
import { DoButton } from "./DoButton.js";

type Person = SettingsChange["accounts"][number]["people"][number];

/** Who would be answered otherwise by a text of the settings, before it is saved. @param isReady whether it is valid and another one than the file's */
export function WhoChanges({ text, isReady }: { text: string; isReady: boolean }) {
  const change = useSignal<SettingsChange | undefined>(undefined);
  // What was found is of that text alone.
  useEffect(() => {
    change.value = undefined;
  }, [text]);
  const look = async () => {
    const found = await query<SettingsChange>("/v1/settings/preview", { text });
    change.value = found;
  };
  const people = change.value?.accounts.flatMap((each) => each.people) ?? [];
  const messages = change.value?.accounts.reduce((sum, each) => sum + each.messages, 0) ?? 0;
  return (
    <div class="preview">
      <p class="buttons">
        <DoButton disabled={!isReady} act={look}>
          Whom would it change?
        </DoButton>
      </p>
      <div role="status">
        {change.value && (
          <p>
            {people.length === 0
              ? `Nobody: of ${messages} messages of the last 30 days each would fare the same.`
              : `Of ${messages} messages of the last 30 days, for these people:`}
          </p>
        )}
        <ul class="problems">
          {people.map((person) => (
            <li
              key={`${person.chatId} ${person.sender}`}
              class={person.after.answered < person.before.answered ? "bad" : "busy"}
            >
              <strong>
                <bdi>{person.name ?? person.sender}</bdi>
              </strong>{" "}
              {person.group !== null && (
                <>
                  in <bdi>{person.group}</bdi>{" "}
                </>
              )}
              {differences(person).join(", ")}
              {person.reasons[0] && (
                <span class="quiet">
                  {" "}
                  ({person.reasons.map(({ reason }) => reason.replaceAll("_", " ")).join(", ")})
                </span>
              )}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

const words: Record<keyof Person["before"], string> = {
  answered: "answered",
  commands: "taken as commands",
  codes: "offered a code",
  context: "read along",
  dropped: "dropped",
};

function differences({ before, after }: Person): string[] {
  return (Object.keys(words) as (keyof Person["before"])[])
    .filter((each) => before[each] !== after[each])
    .map((each) => `${words[each]} ${after[each]} instead of ${before[each]}`);
}

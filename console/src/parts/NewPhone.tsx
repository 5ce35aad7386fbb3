import { useSignal } from "@preact/signals";
import { post, type Refused } from "../state/ask.js";
import { TextField } from "./Field.js";
import { Trouble } from "./Trouble.js";

/** Takes another phone, or makes a group, in the simulated Messages. */
export function NewPhone({ onMade }: { onMade: (chat: number) => void }) {
  const isGroup = useSignal(false);
  const handle = useSignal("+15550100123");
  const name = useSignal("");
  const text = useSignal("");
  const refused = useSignal<Refused | undefined>(undefined);
  const make = async (event: Event) => {
    event.preventDefault();
    try {
      if (isGroup.value) {
        const members = handle.value.split(/[\s,]+/).filter(Boolean);
        const { chat_id } = await post<{ chat_id: number }>("/v1/phone/group", {
          name: name.value.trim(),
          members,
        });
        const [from = ""] = members;
        await post("/v1/phone/say", { from, chat: chat_id, text: text.value.trim() });
        return onMade(chat_id);
      }
      const called = name.value.trim() === "" ? {} : { name: name.value.trim() };
      const body = { from: handle.value.trim(), text: text.value.trim(), ...called };
      onMade((await post<{ chat_id: number }>("/v1/phone/say", body)).chat_id);
    } catch (error) {
      refused.value = error as Refused;
    }
  };
  return (
    <form class="card new-phone" onSubmit={make} aria-labelledby="new-phone">
      <h2 id="new-phone">{isGroup.value ? "A new group" : "A phone"}</h2>
      <p class="quiet">Messages are simulated here: you write as anybody, and see what comes back.</p>
      <fieldset class="choices" aria-label="What to make">
        <button type="button" aria-pressed={!isGroup.value} onClick={() => (isGroup.value = false)}>
          One person
        </button>
        <button type="button" aria-pressed={isGroup.value} onClick={() => (isGroup.value = true)}>
          A group
        </button>
      </fieldset>
      <TextField
        label={isGroup.value ? "Members, by number or address" : "Number or address"}
        of={handle}
        isNeeded
      />
      <TextField label={isGroup.value ? "Name of the group" : "Name"} of={name} isNeeded={isGroup.value} />
      <TextField label="First message" of={text} isNeeded />
      <Trouble of={refused.value} />
      <p class="buttons">
        <button type="submit" class="main">
          Write
        </button>
      </p>
    </form>
  );
}

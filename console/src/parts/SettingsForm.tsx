import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { ConfigProblem, EditedSettings, SettingsForm as Form } from "../state/answers.js";
import { query, type Refused } from "../state/ask.js";
import { SearchField } from "./Field.js";
import { SettingsField } from "./SettingsField.js";
import { Trouble } from "./Trouble.js";

/** How long nobody types before the fields are read anew, milliseconds. */
const readMs = 400;

/** The settings as fields, each of which changes the text beside it. */
export function SettingsForm({
  text,
  errors,
  onEdited,
  onChoose,
}: {
  text: string;
  errors: readonly ConfigProblem[];
  onEdited: (edited: EditedSettings) => void;
  /** Shows where a field is written. */
  onChoose: (path: string) => void;
}) {
  const form = useSignal<Form | undefined>(undefined);
  const refused = useSignal<Refused | undefined>(undefined);
  const block = useSignal("channels");
  const words = useSignal("");
  const asked = { text, block: block.value, words: words.value };
  useEffect(() => {
    let isOver = false;
    const read = async () => {
      try {
        const found = await query<Form>("/v1/settings/form", asked);
        if (!isOver) form.value = found;
      } catch (error) {
        if (!isOver) refused.value = error as Refused;
      }
    };
    const timer = setTimeout(read, form.value ? readMs : 0);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [text, block.value, words.value]);
  const newest = useRef(text);
  newest.current = text;
  const edits = useRef<Promise<void>>(Promise.resolve());
  /** One after the other, each in what the one before it left, and in what was typed meanwhile. */
  const edit = (path: string, value: string | string[] | null) => {
    edits.current = edits.current.then(async () => {
      refused.value = undefined;
      try {
        for (;;) {
          const before = newest.current;
          const edited = await query<EditedSettings>("/v1/settings/edit", { text: before, path, value });
          if (before !== newest.current) continue;
          newest.current = edited.text;
          return onEdited(edited);
        }
      } catch (error) {
        refused.value = error as Refused;
      }
    });
  };
  const fields = form.value?.fields ?? [];
  return (
    <section class="form" aria-labelledby="form">
      <h2 id="form">Fields</h2>
      <div class="tools">
        <label>
          <span class="unseen">Block of the settings</span>
          <select
            value={block.value}
            disabled={words.value !== ""}
            onChange={({ currentTarget }) => (block.value = currentTarget.value)}
          >
            {(form.value?.blocks ?? [block.value]).map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <SearchField label="Search in all fields" of={words} />
      </div>
      <Trouble of={refused.value} />
      {fields.map((field) => (
        <SettingsField
          key={field.path}
          field={field}
          problems={errors.filter(({ path }) => path === field.path || path.startsWith(`${field.path}[`))}
          onEdit={(value) => edit(field.path, value)}
          onChoose={() => onChoose(field.path)}
        />
      ))}
      {form.value && fields.length === 0 && <p class="quiet">No field is like that.</p>}
      {(form.value?.more ?? 0) > 0 && <p class="quiet">{form.value!.more} more: search for them.</p>}
    </section>
  );
}

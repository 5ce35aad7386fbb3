import { useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import type { ConfigProblem, SettingsField as Field } from "../state/answers.js";
import { wordsOf } from "./Problems.js";

type Value = string | string[] | null;

/** A field of the settings, with what is wrong with it. */
export function SettingsField({
  field,
  problems,
  onEdit,
  onChoose,
}: {
  field: Field;
  problems: readonly ConfigProblem[];
  onEdit: (value: Value) => void;
  onChoose: () => void;
}) {
  const { path, about, kind, value } = field;
  const id = useId();
  const isBad = problems.length > 0;
  const props = { id, "aria-describedby": `${id}-about`, "aria-invalid": isBad };
  return (
    <div class={isBad ? "setting bad" : "setting"}>
      <label for={kind === "other" ? undefined : id}>
        <code class={value === null ? "" : "is-set"}>{path}</code>
      </label>
      {kind === "other" ? (
        <button type="button" class="plain" onClick={onChoose} aria-describedby={`${id}-about`}>
          {value === null ? "Not set; write it in the text" : "Show it in the text"}
          <span class="unseen">: {path}</span>
        </button>
      ) : kind === "flag" || kind === "choice" ? (
        <Choice field={field} props={props} onEdit={onEdit} />
      ) : (
        <Written field={field} props={props} onEdit={onEdit} />
      )}
      <p id={`${id}-about`} class="quiet about">
        {problems.map((problem) => (
          <span key={problem.message} class="bad-text">
            {wordsOf(problem)}{" "}
          </span>
        ))}
        {about}
      </p>
    </div>
  );
}

interface Control {
  field: Field;
  /** What every control has. */
  props: { id: string; "aria-describedby": string; "aria-invalid": boolean };
  onEdit: (value: Value) => void;
}

/** What a choice says that is not made; no value of the configuration is empty there. */
const unset = "";

function Choice({ field: { kind, choices, fallback, value }, props, onEdit }: Control) {
  const all = kind === "flag" ? ["true", "false"] : choices;
  const now = value === null ? unset : String(value);
  return (
    <select
      {...props}
      value={now}
      onChange={({ currentTarget }) => onEdit(currentTarget.value === unset ? null : currentTarget.value)}
    >
      <option value={unset}>{fallback === null ? "Not set" : `Not set: ${fallback}`}</option>
      {(all.includes(now) || now === unset ? all : [...all, now]).map((choice) => (
        <option key={choice} value={choice}>
          {choice}
        </option>
      ))}
    </select>
  );
}

/** Taken when it is left, so that half a word is no value. */
function Written({ field: { kind, expected, fallback, value }, props, onEdit }: Control) {
  const written = Array.isArray(value) ? value.join("\n") : (value ?? "");
  const typed = useSignal(written);
  const shown = useRef(written);
  useEffect(() => {
    // What somebody is typing is not taken from under their hands.
    if (typed.peek() === shown.current) typed.value = written;
    shown.current = written;
  }, [written]);
  const take = () => {
    if (typed.value === written) return;
    const lines = typed.value.split("\n").filter((line) => line.trim() !== "");
    if (typed.value.trim() === "") onEdit(null);
    else onEdit(kind === "list" ? lines : typed.value);
  };
  const shared = {
    ...props,
    value: typed.value,
    placeholder: fallback === null || fallback === "[]" ? expected : `${fallback} (${expected})`,
    onBlur: take,
  };
  if (kind === "list")
    return (
      <textarea
        {...shared}
        rows={Math.min(6, written.split("\n").length + 1)}
        onInput={({ currentTarget }) => (typed.value = currentTarget.value)}
      />
    );
  return (
    <input
      type="text"
      autocomplete="off"
      spellcheck={false}
      {...shared}
      onInput={({ currentTarget }) => (typed.value = currentTarget.value)}
      onKeyDown={({ key }) => {
        if (key === "Enter") take();
      }}
    />
  );
}

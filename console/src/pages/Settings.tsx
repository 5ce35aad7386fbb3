import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Command } from "../parts/Command.js";
import { DoButton } from "../parts/DoButton.js";
import { Page } from "../parts/Page.js";
import { Problems } from "../parts/Problems.js";
import { SettingsForm } from "../parts/SettingsForm.js";
import { Trouble } from "../parts/Trouble.js";
import { WhoChanges } from "../parts/WhoChanges.js";
import type { ConfigProblem, EditedSettings, Judged } from "../state/answers.js";
import { get, isIn, post, query, type Refused } from "../state/ask.js";
import { keyPlace } from "../state/key-place.js";
import { place } from "../state/place.js";
import { afterSave, type FileShown } from "../state/saved.js";

interface Settings extends Judged, FileShown {
  path: string;
}

async function lock(): Promise<void> {
  await post("/leave");
  isIn.value = false;
}

/** How long nobody types before the text is judged, milliseconds. */
const judgeMs = 400;

/** The configuration file as text and as fields, judged as it is written, and saved as it stands. */
export function SettingsPage() {
  const settings = useSignal<Settings | undefined>(undefined);
  const text = useSignal("");
  const judged = useSignal<Judged | undefined>(undefined);
  const refused = useSignal<Refused | undefined>(undefined);
  const told = useSignal("");
  const field = useRef<HTMLTextAreaElement>(null);
  const numbers = useRef<HTMLPreElement>(null);
  const key = place.value.query.get("key") ?? "";

  const read = async () => {
    try {
      const found = await get<Settings>("/v1/settings");
      settings.value = found;
      text.value = found.text;
      judged.value = found;
      refused.value = undefined;
    } catch (error) {
      refused.value = error as Refused;
    }
  };
  useEffect(() => void read(), []);
  const isChanged = settings.value !== undefined && text.value !== settings.value.text;
  useEffect(() => {
    if (!isChanged) return undefined;
    const typed = text.value;
    const timer = setTimeout(async () => {
      const verdict = await query<Judged>("/v1/settings/check", { text: typed }).catch((error) => {
        refused.value = error;
      });
      if (verdict && typed === text.value) judged.value = verdict;
    }, judgeMs);
    return () => clearTimeout(timer);
  }, [text.value]);

  const show = (offset: number) => {
    const shown = field.current;
    if (!shown) return;
    shown.focus();
    shown.setSelectionRange(
      offset,
      text.value.indexOf("\n", offset) < 0 ? text.value.length : text.value.indexOf("\n", offset),
    );
    const line = text.value.slice(0, offset).split("\n").length;
    shown.scrollTop = Math.max(0, (line - 5) * Number.parseFloat(getComputedStyle(shown).lineHeight));
  };
  useEffect(() => {
    if (key !== "" && settings.value) show(keyPlace(text.value, key));
  }, [key, settings.value === undefined]);

  const save = async () => {
    const sent = { text: text.value, version: settings.value!.version };
    const verdict = await post<Judged & FileShown>("/v1/settings", sent);
    judged.value = verdict;
    if (!verdict.ok) return;
    const { typed, known } = afterSave(sent, verdict, text.value);
    settings.value = { ...settings.value!, ...verdict, ...known };
    text.value = typed;
    told.value = "Saved. It holds from the next message.";
  };
  const take = (edited: EditedSettings) => {
    text.value = edited.text;
    judged.value = edited;
    told.value = "";
  };
  const errors = judged.value?.errors ?? [];
  const lines = text.value.split("\n").length;
  return (
    <Page title="Settings" aside={settings.value && <p class="quiet path">{settings.value.path}</p>}>
      <Trouble of={refused.value} />
      <div class="workbench">
        <div class="editor">
          <pre ref={numbers} aria-hidden="true">
            {Array.from({ length: lines }, (_, index) => index + 1).join("\n")}
          </pre>
          <textarea
            ref={field}
            aria-label="Text of the configuration file"
            aria-invalid={errors.length > 0}
            wrap="off"
            spellcheck={false}
            autocapitalize="off"
            value={text.value}
            onInput={({ currentTarget }) => {
              text.value = currentTarget.value;
              told.value = "";
            }}
            onScroll={({ currentTarget }) => {
              if (numbers.current) numbers.current.scrollTop = currentTarget.scrollTop;
            }}
          />
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached with the keyboard */}
        <section class="side" aria-label="Beside the text" tabIndex={0}>
          <section class="verdict" aria-label="What is to be said about it" aria-live="polite">
            {judged.value?.ok && (
              <p class="good-text">{told.value || (isChanged ? "This is valid." : "The file is valid.")}</p>
            )}
            <Problems
              kind="bad"
              title="Errors"
              problems={errors}
              onChoose={(problem) => show(offsetOf(text.value, problem))}
            />
            <Problems
              kind="busy"
              title="Warnings"
              problems={judged.value?.warnings ?? []}
              onChoose={(problem) => show(offsetOf(text.value, problem))}
            />
            <p class="quiet">
              Secrets are not shown. What stands in their place stays as it is, or is replaced by what you
              write there.
            </p>
            <p class="buttons">
              <DoButton kind="main" disabled={!isChanged || errors.length > 0} act={save}>
                Save
              </DoButton>
              <DoButton act={read} {...(isChanged && { ask: "Lose the changes?" })}>
                Read again
              </DoButton>
            </p>
            <Command line="tapback config validate" />
            <WhoChanges text={text.value} isReady={isChanged && errors.length === 0} />
          </section>
          {settings.value && (
            <SettingsForm
              text={text.value}
              errors={errors}
              onEdited={take}
              onChoose={(path) => show(keyPlace(text.value, path))}
            />
          )}
          <p>
            <DoButton act={lock} ask="Put all out, this one too?">
              Put every browser out
            </DoButton>
          </p>
        </section>
      </div>
    </Page>
  );
}

function offsetOf(text: string, { line, column }: ConfigProblem): number {
  const before = text.split("\n").slice(0, Math.max(0, line - 1));
  return before.reduce((sum, each) => sum + each.length + 1, 0) + Math.max(0, column - 1);
}

import { useSignal } from "@preact/signals";
import type { AgentTrial } from "../state/answers.js";
import { post } from "../state/ask.js";
import { quoted } from "../state/commands.js";
import { Command } from "./Command.js";
import { DoButton } from "./DoButton.js";
import { TextField } from "./Field.js";
import { Said } from "./Said.js";

/** One turn of an agent, without Messages. @param agent its id */
export function Trial({ agent }: { agent: string }) {
  const text = useSignal("");
  const trial = useSignal<AgentTrial | undefined>(undefined);
  const words = text.value.trim();
  const run = async () => {
    trial.value = undefined;
    trial.value = await post<AgentTrial>(`/v1/agents/${encodeURIComponent(agent)}/try`, { text: words });
  };
  return (
    <details>
      <summary>Try {agent}</summary>
      <div class="trial">
        <TextField label={`Say to ${agent}, without Messages`} of={text} />
        <p class="buttons">
          <DoButton act={run} disabled={words === ""} label={`Run a turn of ${agent}`}>
            Run a turn
          </DoButton>
        </p>
        <div role="status">{trial.value && <Outcome trial={trial.value} />}</div>
        <Command line={`tapback agents try ${agent} ${quoted(words || "…")}`} />
      </div>
    </details>
  );
}

function Outcome({ trial: { said, notes, error } }: { trial: AgentTrial }) {
  return (
    <>
      {said.map((text, index) => (
        <p key={index} class="bubble" dir="auto">
          <Said text={text} />
        </p>
      ))}
      {said.length === 0 && !error && <p class="quiet">It ended without a word.</p>}
      {notes.map((note, index) => (
        <p key={index} class="quiet">
          <Said text={note} />
        </p>
      ))}
      {error && (
        <p class="bad-text">
          {error.message} {error.hint}
        </p>
      )}
    </>
  );
}

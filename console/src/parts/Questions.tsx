import { useSignal } from "@preact/signals";
import type { Question } from "../state/answers.js";
import { get, post } from "../state/ask.js";
import { answerCommand } from "../state/commands.js";
import { useResource } from "../state/resource.js";
import { Ago } from "./Ago.js";
import { Command } from "./Command.js";
import { DoButton } from "./DoButton.js";
import { Said } from "./Said.js";
import { Trouble } from "./Trouble.js";

/** What agents ask and wait for, as it is now. */
export function useQuestions() {
  return useResource("", () => get<{ items: Question[] }>("/v1/questions"), ["questions", "turns"]);
}

/** What agents ask, answered here as an owner answers it in Messages; nothing where nothing waits. */
export function Questions() {
  const questions = useQuestions();
  const told = useSignal("");
  const settle = (words: string) => {
    told.value = words;
    questions.again();
  };
  const waiting = questions.value?.items ?? [];
  return (
    <section aria-labelledby="asked" hidden={waiting.length === 0 && !told.value && !questions.refused}>
      <h2 id="asked">Agents ask</h2>
      <Trouble of={questions.refused} />
      <p role="status" class={told.value ? "told" : "unseen"}>
        {told.value}
      </p>
      <ul class="cards">
        {waiting.map((question) => (
          <QuestionCard key={question.id} question={question} onSettled={settle} />
        ))}
      </ul>
    </section>
  );
}

function QuestionCard({ question, onSettled }: { question: Question; onSettled: (words: string) => void }) {
  const { id, kind, agentId, about, title, texts, choices, takesWords, answerers, askedAt } = question;
  const words = useSignal("");
  const said = words.value.trim();
  const answer = (given: string) => async () => {
    const path = `/v1/questions/${encodeURIComponent(id)}/answer`;
    onSettled((await post<{ noted: string }>(path, { answer: given })).noted);
  };
  return (
    <li class="card">
      <h3>
        {kind === "permission" ? "May it do this? " : ""}
        <bdi>{title}</bdi>
      </h3>
      <p class="quiet">
        {agentId}, for <bdi>{about}</bdi> · asked <Ago at={askedAt} />
        {answerers && (
          <>
            {" "}
            of <bdi>{answerers.join(", ")}</bdi>
          </>
        )}{" "}
        · <code>{id}</code>
      </p>
      {texts.map((text, index) => (
        <blockquote key={index} dir="auto">
          <Said text={text} />
        </blockquote>
      ))}
      {takesWords && (
        <textarea
          dir="auto"
          rows={2}
          aria-label={`Answer to ${title} in other words`}
          value={words.value}
          onInput={({ currentTarget }) => (words.value = currentTarget.value)}
        />
      )}
      <p class="buttons">
        {takesWords && (
          <DoButton kind="main" disabled={said === ""} act={answer(said)}>
            Answer in these words
          </DoButton>
        )}
        {choices.map(({ name, isLasting }, index) => (
          <DoButton key={index} act={answer(String(index + 1))} {...(isLasting && { ask: "For good?" })}>
            {index + 1}. <bdi>{name}</bdi>
            {isLasting && " (lasting)"}
          </DoButton>
        ))}
      </p>
      <Command line={answerCommand(id, said)} />
    </li>
  );
}

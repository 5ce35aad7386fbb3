import type { ConfigProblem } from "../state/answers.js";

/** What is wrong with a text of the settings, or worth a look, each with the way to its place. */
export function Problems({
  kind,
  title,
  problems,
  onChoose,
}: {
  kind: string;
  title: string;
  problems: readonly ConfigProblem[];
  onChoose: (problem: ConfigProblem) => void;
}) {
  if (problems.length === 0) return null;
  return (
    <>
      <h2>{title}</h2>
      <ul class="problems">
        {problems.map((problem) => (
          <li key={`${problem.line} ${problem.column} ${problem.path} ${problem.message}`} class={kind}>
            <button type="button" class="plain" onClick={() => onChoose(problem)}>
              {problem.line > 0 ? `Line ${problem.line}, column ${problem.column}` : "The file"}
            </button>
            {problem.path && <code>{problem.path}</code>} {wordsOf(problem)}
          </li>
        ))}
      </ul>
    </>
  );
}

/** @returns a problem in words, without its place */
export function wordsOf({ message, expected, suggestion }: ConfigProblem): string {
  if (suggestion !== null) return `${message}; did you mean ${suggestion}?`;
  return expected === null ? message : `${message}; expected ${expected}`;
}

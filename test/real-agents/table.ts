/**
 * The matrix as text: a line per scenario, a column per agent, and below it what each failure says.
 * @param resultOf true: it works; a text: why not; undefined: not tried
 */
export function table(
  agents: string[],
  scenarios: string[],
  resultOf: (agent: string, scenario: string) => string | true | undefined,
): string {
  const width = Math.max(...scenarios.map(({ length }) => length));
  const failures: string[] = [];
  const cell = (agent: string, scenario: string): string => {
    const result = resultOf(agent, scenario);
    if (result === true) return "yes";
    if (result === undefined) return "-";
    failures.push(`[${failures.length + 1}] ${agent}, ${scenario}: ${result}`);
    return `no [${failures.length}]`;
  };
  const line = (name: string, cells: string[]) =>
    [name.padEnd(width), ...cells.map((text, index) => text.padEnd(Math.max(8, agents[index]!.length)))]
      .join("  ")
      .trimEnd();
  const lines = scenarios.map((scenario) =>
    line(
      scenario,
      agents.map((agent) => cell(agent, scenario)),
    ),
  );
  return [line("", agents), ...lines, "", ...failures].join("\n");
}

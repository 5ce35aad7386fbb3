import { builtInProviders, expandHome } from "../../config/index.js";
import { findProgram } from "../../platform/index.js";
import type { Context } from "../context.js";
import type { AgentChoice, ModelChoice } from "./choice.js";
import { offers, prove } from "./offers.js";
import { type Answers, quietMinutes } from "./render.js";

/** What was given by options, before anybody is asked. */
export type Given = Omit<Answers, "agent"> & {
  agent: AgentChoice | undefined;
  baseUrl?: string;
  key?: string;
};

/** What came of the questions. */
export interface Asked {
  answers: Answers;
  /** The key that was typed, if any. */
  key?: string;
  /** Whether imsg was asked for, so that there is no question left for the gateway. */
  askedForImsg: boolean;
}

/** How often a key that is refused is asked for again. */
const mostKeys = 3;

/**
 * Asks what is not given: at most three questions, so that with the one about the gateway there are four (behaviour 6.7).
 * @returns undefined when the person broke off
 */
export async function ask(context: Context, given: Given): Promise<Asked | undefined> {
  const { cancel, intro, isCancel, outro, select, text } = await import("@clack/prompts");
  const over = () => void cancel("Nothing was written.");
  intro("Tapback: your agent in Messages");
  const askedForImsg = findProgram(expandHome(given.cliPath, context.home), context.env) === undefined;
  let { cliPath } = given;
  if (askedForImsg) {
    const path = await text({
      message: "Where is imsg?",
      placeholder: 'imsg, or a script that runs it on your Mac: exec ssh -T mac imsg "$@"',
      defaultValue: given.cliPath,
      ...(given.cliPath !== "imsg" && { initialValue: given.cliPath }),
    });
    if (isCancel(path)) return over();
    cliPath = path || given.cliPath;
  }
  const agent = given.agent ?? (await askAgent(context, given.baseUrl));
  if (agent === undefined) return over();
  const key = agent.kind === "model" ? await askKey(context, agent, given.key) : { value: undefined };
  if (key === undefined) return over();
  const shared =
    given.shared ||
    (await select({
      message: "Whose Messages account is it?",
      options: [
        { value: false, label: "The agent's own" },
        {
          value: true,
          label: "Mine, and I write in it too",
          hint: `the agent keeps quiet for ${quietMinutes} minutes where you wrote by hand`,
        },
      ],
    }));
  if (isCancel(shared)) return over();
  outro("That is all it needs.");
  const { baseUrl: _, key: __, ...rest } = given;
  const answers = { ...rest, cliPath, agent, shared };
  return { answers, askedForImsg, ...(key.value !== undefined && { key: key.value }) };
}

async function askAgent(context: Context, baseUrl: string | undefined): Promise<AgentChoice | undefined> {
  const { isCancel, select, spinner, text } = await import("@clack/prompts");
  const looking = spinner();
  looking.start("Looking for what can answer here");
  const found = await offers(context, baseUrl);
  const count = found.filter(({ works }) => works).length;
  looking.stop(count > 0 ? `What works already: ${count}` : "Nothing answers yet without a key or a login");
  const choices: { choice: AgentChoice; label: string; hint: string }[] = [
    ...found,
    {
      choice: { kind: "command", line: "" },
      label: "A program of mine",
      hint: "it reads a message and prints its answer",
    },
    { choice: { kind: "demo" }, label: "The built-in demo agent", hint: "needs nothing" },
  ];
  const picked = await select({
    message: "Who answers?",
    options: choices.map(({ label, hint }, value) => ({ value, label, hint })),
  });
  if (isCancel(picked)) return undefined;
  const chosen = choices[picked]!.choice;
  if (chosen.kind !== "command") return chosen;
  const line = await text({
    message: "Which program?",
    validate: (value) => (value?.trim() ? undefined : "A command, e.g. ~/bin/answer"),
  });
  return isCancel(line) ? undefined : { kind: "command", line };
}

/**
 * Asks for the key of a model unseen, where there is none yet, until it is taken.
 * @param key given by option
 * @returns undefined when the person broke off
 */
async function askKey(
  context: Context,
  model: { kind: "model" } & ModelChoice,
  key: string | undefined,
): Promise<{ value: string | undefined } | undefined> {
  const { isCancel, log, password } = await import("@clack/prompts");
  const { keyVariable, ref, baseUrl } = model;
  if (key !== undefined || keyVariable === undefined || context.env[keyVariable]) return { value: key };
  const provider = ref.split("/")[0]!;
  const whose = builtInProviders[provider]?.title ?? provider;
  for (let tries = 1; ; tries++) {
    const typed = await password({
      message: `Your key of ${whose}${baseUrl === undefined ? "" : " (none: Enter)"}`,
      validate: (value) => (value?.trim() || baseUrl !== undefined ? undefined : "It needs a key"),
    });
    if (isCancel(typed)) return undefined;
    const value = (typed ?? "").trim();
    const proof = await prove(
      model,
      context,
      value === "" ? context.env : { ...context.env, [keyVariable]: value },
    );
    if (proof.ok || tries === mostKeys) return { value: value || undefined };
    log.warn([proof.detail, proof.remedy].filter(Boolean).join("\n"));
    if (proof.code !== "MODEL_KEY") return { value: value || undefined };
  }
}

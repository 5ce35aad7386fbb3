import { TapbackError } from "../../../platform/index.js";
import type { Context } from "../../context.js";
import { exitCodes, fail, printJson, printLine, styled } from "../../output.js";
import { nameOf } from "../cast.js";
import { printMessage } from "../transcript.js";
import type { Verdict } from "./ledger.js";
import { playScript, type ScriptResult } from "./play.js";

/** `tapback demo --script`. @param started the script that Node runs @returns 0 when every message got its answer */
export async function runScript(context: Context, started: string): Promise<number> {
  const { json, env } = context;
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  if (!json)
    printLine(
      styled("dim", "A simulated Messages, the gateway and the demo agent. Nothing leaves this machine.\n"),
    );
  try {
    const result = await playScript({
      started,
      env,
      signal: stop.signal,
      onMessage: (message) => {
        if (!json) printMessage({ ...message, who: nameOf(message.from), mine: message.from !== undefined });
      },
      onCommand: (command) => {
        if (!json) printLine(styled("dim", `          $ ${command}`));
      },
    });
    return report(result, json);
  } catch (error) {
    if (stop.signal.aborted) return exitCodes.interrupted;
    throw error;
  } finally {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.off(signal, onSignal);
  }
}

async function report({ verdicts, transcript, ms }: ScriptResult, json: boolean): Promise<number> {
  const missing = verdicts.filter(({ ok }) => !ok);
  const answers = verdicts.reduce((sum, verdict) => sum + verdict.answers.length, 0);
  if (json)
    printJson({
      ok: missing.length === 0,
      ms,
      messages: verdicts.map(({ written, answers, ok }) => ({
        id: written.id,
        chat: `chat_id:${written.chatId}`,
        from: written.message.person.handle,
        text: written.message.text,
        answers: answers.map(({ text }) => text),
        ok,
      })),
      transcript: transcript.map(({ at, from, ...row }) => ({
        ...row,
        at: new Date(at).toISOString(),
        from: from ?? "me",
      })),
    });
  else if (missing.length === 0)
    printLine(
      `\n${styled("green", "✓")} ${verdicts.length} messages, every one answered (${answers} answers in Messages), in ${(ms / 1000).toFixed(1)} s.`,
    );
  if (missing.length === 0) return exitCodes.done;
  if (!json) printLine();
  return json
    ? exitCodes.refused
    : fail(
        new TapbackError(
          "DEMO_UNANSWERED",
          ["not every message got its answer:", ...missing.map(complaint)].join("\n"),
        ),
        false,
      );
}

function complaint({ written, answers }: Verdict): string {
  const { person, text } = written.message;
  const what = `“${text.replaceAll("\u2028", " ")}” from ${nameOf(person.handle)}`;
  if (answers.length === 0) return `${what} got no answer.`;
  return `${what} did not get the answer that it should; what came: ${answers.map((answer) => `“${answer.text}”`).join(", ")}`;
}

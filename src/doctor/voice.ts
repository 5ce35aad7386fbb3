import { type Account, type Config, expandHome } from "../config/index.js";
import { findProgram } from "../platform/index.js";
import { type Finding, failed, warn } from "./check.js";

/** Whether the programs of `voice` are there, and any account takes recordings in (behaviour 18.6); nothing is run. */
export function checkVoice(
  { voice }: Pick<Config, "voice">,
  accounts: readonly Pick<Account, "includeAttachments">[],
  { env, home }: { env: Record<string, string | undefined>; home: string },
): Finding[] {
  const findings: Finding[] = [];
  for (const key of ["transcribe", "speak"] as const) {
    const command = voice[key]?.command;
    if (command !== undefined && findProgram(expandHome(command, home), env) === undefined)
      findings.push(
        failed(
          `voice/${key}`,
          `${command} is not there, or may not be run`,
          `Correct voice.${key}.command (docs/media.md).`,
        ),
      );
  }
  const isAsked = voice.transcribe !== undefined || voice.answer === "mirror";
  if (isAsked && accounts.length > 0 && !accounts.some(({ includeAttachments }) => includeAttachments))
    findings.push(
      warn(
        "voice",
        "no account takes recordings in",
        "Set channels.imessage.includeAttachments to true (docs/media.md).",
      ),
    );
  return findings;
}

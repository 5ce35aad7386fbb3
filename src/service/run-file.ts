import { join } from "node:path";
import type { ServicePlan } from "./plan.js";

/** The environment variable that tells a gateway the process id of the app: with that it ends (behaviour 1.6e). */
export const appMark = "TAPBACK_APP";

/** Where the script lies that the app runs. */
export function runFilePath(stateDir: string): string {
  return join(stateDir, "service.sh");
}

/** The script of sh that the app runs: what a service's file says elsewhere. @param log gets what the gateway prints */
export function runFile({ command, env }: ServicePlan, log: string): string {
  const variables = Object.entries(env).map(([name, value]) => `export ${name}=${quoted(value)}`);
  return `#!/bin/sh
# Written by "tapback service install"; Tapback.app runs it.
umask 077
${variables.join("\n")}
export ${appMark}=$PPID
exec ${command.map(quoted).join(" ")} >>${quoted(log)} 2>&1 </dev/null
`;
}

/** The command line in a text that {@link runFile} wrote, in any version; empty when there is none. */
export function commandInRunFile(content: string): string[] {
  const line = /^exec (.*) >>'/m.exec(content)?.[1] ?? "";
  return [...line.matchAll(/'((?:[^']|'\\'')*)'(?= |$)/g)].map(([, word]) => word!.replaceAll("'\\''", "'"));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

import { realpathSync } from "node:fs";
import type { Whose } from "../check.js";

/** Who asked macOS, and whom it judges when the gateway runs as a service. */
export interface Standing {
  whose: Whose;
  /** The file to which the service's permissions belong; undefined where no service is installed. */
  judged: string | undefined;
}

/** What has to be done after a permission was given: macOS reads it when a process starts. */
const restartService = "A grant reaches only what starts after it, so then: tapback service restart";

/**
 * The file that macOS judges when it starts this command line: the app around it where there is one, else the program itself.
 * @returns undefined for an empty one
 */
export function judgedFile([program]: readonly string[]): string | undefined {
  if (program === undefined) return undefined;
  const app = /^(.*?\.app)\/Contents\//.exec(program)?.[1];
  if (app !== undefined) return app;
  try {
    return realpathSync(program);
  } catch {
    return program;
  }
}

/** Adds to what was found that another process may be judged otherwise. */
export function withCaution(detail: string, { whose, judged }: Standing): string {
  if (whose !== "terminal") return detail;
  return `${detail}; this is said of this terminal, ${judged === undefined ? "a gateway elsewhere" : "the service"} may be judged otherwise`;
}

type Pane = "Full Disk Access" | "Local Network";

/** What to click so that a service gets a permission. @param pane of Privacy & Security */
export function grantClicks({ judged }: Pick<Standing, "judged">, pane: Pane): string {
  const file = judged ?? process.execPath;
  const settings = `System Settings > Privacy & Security > ${pane}`;
  return pane === "Full Disk Access"
    ? `${settings}: click +, press Shift-Command-G, enter ${file}, and switch it on; an entry that is on already, off and on again.`
    : `${settings}: switch on ${nameOf(file)}.`;
}

/** As {@link grantClicks}, for Automation: there nothing can be added by hand, an entry comes with the first question. */
export function automationClicks({ judged }: Pick<Standing, "judged">): string {
  return `System Settings > Privacy & Security > Automation: switch on Messages below ${nameOf(judged ?? process.execPath)}. Where there is no such entry: tccutil reset AppleEvents (every program is asked anew then), and answer the prompt at the Mac's screen.`;
}

/** How somebody gives a permission so that it holds for whom it was refused. @param pane of Privacy & Security */
export function grantRemedy({ whose, judged }: Standing, pane: Pane): string {
  if (whose === "service") return `${grantClicks({ judged }, pane)} ${restartService}`;
  const settings = `System Settings > Privacy & Security > ${pane}`;
  if (whose === "gateway")
    return `${settings}: switch on the app in whose window the gateway runs. Then end the gateway there (Ctrl-C), quit the app (Command-Q), and start both again.`;
  if (judged !== undefined) return askServiceFirst;
  return `${settings}: switch on the app of this terminal, quit it (Command-Q), and open it again. A service needs a grant of its own: after \`tapback service install\`, \`tapback doctor\` names the very file.`;
}

/** As {@link grantRemedy}, for Automation. */
export function automationRemedy({ whose, judged }: Standing): string {
  const settings = "System Settings > Privacy & Security > Automation";
  if (whose === "service") return `${automationClicks({ judged })} ${restartService}`;
  if (whose === "gateway")
    return `${settings}: switch on Messages below the app in whose window the gateway runs, then start the gateway again.`;
  if (judged !== undefined) return askServiceFirst;
  return `${settings}: switch on Messages below the app of this terminal. A service is asked by itself.`;
}

/** Of a service that does not run nothing is known. */
const askServiceFirst =
  "The service's own verdict counts: tapback service restart, then tapback doctor again, which asks it.";

/** @returns a file as System Settings names it */
export function nameOf(file: string): string {
  return (file.split("/").at(-1) ?? file).replace(/\.app$/, "");
}

import type { RunTool } from "./run-tool.js";

/** What Messages, or macOS in its place, answered to this process. */
export interface MessagesAnswer {
  /**
   * `answered`: it may be controlled. `refused`: macOS does not permit it. `waiting`: nobody answered in time, so a prompt
   * stands on the screen. `closed`: Messages does not run, and nothing was asked. `failed`: something else went wrong.
   */
  state: "answered" | "refused" | "waiting" | "closed" | "failed";
  /** The words of the tool where it failed; else empty. */
  words: string;
  /** Whether Messages has an iMessage account that is switched on; null where it does not tell. */
  signedIn: boolean | null;
}

/** AppleScript answers for an app that does not run, so this neither starts it nor needs a permission. */
const unlessRuns = 'if application "Messages" is not running then return "closed"';
/** Only Messages itself can count its chats; its name would be told by AppleScript alone, and prove nothing. */
const countChats = 'tell application "Messages" to return count of chats';
const countAccounts =
  'tell application "Messages" to return count of (accounts whose service type is iMessage and enabled is true)';

/**
 * Sends Messages an event that it must answer itself: what a send needs, without sending (behaviour 13.1, protocol reference 9.10).
 * @param limitMs of each of two events; a prompt on the screen keeps the first one waiting
 */
export async function askMessages(run: RunTool, limitMs: number): Promise<MessagesAnswer> {
  const ask = (script: string) => run("osascript", ["-e", unlessRuns, "-e", script], limitMs);
  const answer = (state: MessagesAnswer["state"], words = "") => ({ state, words, signedIn: null });
  const first = await ask(countChats);
  if (first.state === "timeout") return answer("waiting");
  if (first.state !== "ended") return answer("failed", "osascript could not be run");
  const words = first.stderr.trim().split("\n").at(-1) ?? "";
  if (first.exitCode !== 0) {
    if (/-1743\b/.test(words)) return answer("refused", words);
    if (/-1712\b/.test(words)) return answer("waiting", words);
    return answer(/-600\b/.test(words) ? "closed" : "failed", words);
  }
  if (first.stdout.trim() === "closed") return answer("closed");
  const second = await ask(countAccounts);
  const count = second.state === "ended" && second.exitCode === 0 ? /^\d+$/.exec(second.stdout.trim()) : null;
  return { ...answer("answered"), signedIn: count && Number(count[0]) > 0 };
}

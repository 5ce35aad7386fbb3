import type { RunTool } from "../../bridge/index.js";
import { by, type Finding, fine, warn } from "../check.js";

/** How long a tool of macOS may take, milliseconds. */
const limitMs = 5000;
/** Since this macOS the library of imsg is refused unless library validation is off (protocol reference 9.13). */
const validatesSince = 26;
const validation = "/Library/Preferences/com.apple.security.libraryvalidation";

/** The private API on this Mac: whether it is loaded, and what macOS would refuse to load. */
export async function checkPrivateApi(check: string, isLoaded: boolean, run: RunTool): Promise<Finding> {
  const said = async (program: string, ...args: string[]) => {
    const ran = await run(program, args, limitMs);
    return ran.state === "ended" && ran.exitCode === 0 ? ran.stdout : undefined;
  };
  // The agent is since 0.19.1, and loads it again after each restart of Messages.
  const hasAgent = /imsg/i.test((await said("launchctl", "list")) ?? "");
  if (isLoaded)
    return by(
      "terminal",
      fine(
        check,
        `reactions, edits, effects and typing are available${hasAgent ? ", and come back by themselves" : ", until Messages is restarted (imsg launch --install-agent keeps them, since imsg 0.19.1: docs/deployment/private-api.md)"}`,
      ),
    );
  const without = (why: string, remedy: string) =>
    by("terminal", warn(check, `texts and files only: ${why}`, remedy));
  if (/\benabled\b/.test((await said("/usr/bin/csrutil", "status")) ?? ""))
    return without(
      "System Integrity Protection is on, and the private API needs it off",
      "Leave it so where texts and files are enough. Else, at your own risk: start the Mac in recovery, csrutil disable in its Terminal, restart, imsg launch: docs/deployment/private-api.md.",
    );
  const macos = Number.parseInt((await said("/usr/bin/sw_vers", "-productVersion")) ?? "", 10);
  if (macos >= validatesSince) {
    const off = await said("/usr/bin/defaults", "read", validation, "DisableLibraryValidation");
    if (off?.trim() !== "1")
      return without(
        `macOS ${macos} refuses its library while library validation is on`,
        `Run \`sudo defaults write ${validation} DisableLibraryValidation -bool true\`, restart the Mac, then: imsg launch (docs/deployment/private-api.md)`,
      );
  }
  return without(
    hasAgent ? "its agent has not loaded the private API" : "the private API is not loaded",
    "Run `imsg launch` in the session of this user; with imsg 0.19.1 or newer, `imsg launch --install-agent` loads it again after each restart of Messages: docs/deployment/private-api.md.",
  );
}

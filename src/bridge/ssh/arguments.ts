import { fault } from "../imsg/faults.js";

/**
 * Who reads the arguments of imsg on their way: nobody; a shell on the Mac, after a wrapper whose ssh joins them with
 * spaces; or nobody knows.
 */
export type ArgumentReader = "nobody" | "shell" | "unknown";

/**
 * Makes a text one argument of imsg, whatever reads it first: texts of a chat must not become commands on the Mac.
 * @throws BridgeError `WRAPPER_UNCLEAR` when that cannot be made sure
 */
export function argumentFor(reader: ArgumentReader, text: string): string {
  if (reader === "nobody" || /^[A-Za-z0-9_/.@%+=:,-]+$/.test(text)) return text;
  if (reader === "unknown") throw fault("WRAPPER_UNCLEAR");
  return `'${text.replaceAll("'", "'\\''")}'`;
}

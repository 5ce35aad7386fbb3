const errors: Record<number, string> = {
  [-1743]: "Not authorized to send Apple events to Messages.",
  [-1728]: "Messages got an error: Can’t get the chat or buddy.",
  [-1712]: "Messages got an error: AppleEvent timed out.",
  [-600]: "Messages got an error: Application isn’t running.",
};

/** What imsg reports when Messages refuses a script (protocol reference 9.10). @param number Apple's, e.g. -1743 */
export function appleScriptError(number: number): string {
  return `AppleScript failed: execution error: ${errors[number] ?? "Messages got an error."} (${number})`;
}

/** What imsg reports for a send that macOS 26 lost (protocol reference 9.2). @param id the ghost row */
export function ghostText(id: number): string {
  return `AppleScript failed: Messages accepted the send but wrote an unjoined empty outgoing row (${id}); nothing was delivered.`;
}

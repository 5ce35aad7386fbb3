/** What imsg answers when macOS keeps `chat.db` from it (protocol reference 9.11). */
export function permissionText(path: string, cause: string): string {
  return `${cause}

Permission Error: Cannot access Messages database

The database at ${path} needs Full Disk Access permission:
1. Open System Settings, Privacy & Security, Full Disk Access.
2. Turn it on for the application that runs imsg (the terminal, node, or sshd); if it is on already, turn it off and on.
3. Restart that application.`;
}

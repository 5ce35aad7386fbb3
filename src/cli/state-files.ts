/** The name of a file that `restore --force` found in its place and kept, after its own. */
const kept = String.raw`(\.before-[\d-]{19})?`;
/** What `mkdtemp` makes of {@link workFolders}. */
const workFolder = String.raw`\.(backup|restore)-[A-Za-z0-9]{6}`;
/** What SQLite puts beside a database. */
const beside = "(-wal|-shm|-journal)?";

/** What the gateway keeps of messages, and of how it does, in its state directory. */
const ofMessages = [
  String.raw`state\.db(\.copy)?${beside}${kept}`,
  "imessage|outgoing|turns",
  String.raw`gateway\.(json|sock|lock${beside}|log(\.new|\.\d+)?)`,
  String.raw`alerts\.json`,
  // Of a write, or a command, that was killed.
  String.raw`\.[0-9a-f]{12}\.tmp`,
  workFolder,
];
/** What people set up there, and what goes with it. */
const ofSettings = [
  String.raw`tapback\.json5(\.bak|\.draft|\.lock${beside})?${kept}`,
  String.raw`env(\.lock${beside})?${kept}`,
  "workspaces|agents",
  String.raw`service\.sh`,
  String.raw`console\.key`,
];

const patterns = { messages: patternOf(ofMessages), all: patternOf([...ofMessages, ...ofSettings]) };

function patternOf(names: readonly string[]): RegExp {
  return new RegExp(`^(${names.join("|")})$`);
}

/**
 * Whether Tapback itself gave something in its state directory this name: a person may keep files of any other one there.
 * @param name without its folder
 * @param of what people mean by their messages, or all of it
 */
export function isOurs(name: string, of: keyof typeof patterns): boolean {
  return patterns[of].test(name);
}

/** What a folder of a command begins with that stands in the state directory while it runs; `mkdtemp` adds six characters. */
export const workFolders = { backup: ".backup-", restore: ".restore-" };

/** Whether a name is one of {@link workFolders}. */
export function isWorkFolder(name: string): boolean {
  return patternOf([workFolder]).test(name);
}

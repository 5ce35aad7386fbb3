/** An option of a command. */
export interface Option {
  name: string;
  help: string;
  /** Placeholder of its value; absent: a switch. */
  value?: string;
  required?: boolean;
  /** May be given several times. */
  repeat?: boolean;
  /** A whole number. */
  integer?: boolean;
  /** The smallest one that is taken. */
  min?: number;
  /** The one-letter form, without its dash. */
  short?: string;
  /** The version of imsg that brought it. */
  since?: string;
}

/** Options that every command has (protocol reference 1.1). */
export const commonOptions: Option[] = [
  {
    name: "db",
    value: "path",
    help: "Path to chat.db (default: $IMSG_SIM_HOME/chat.db, else ~/.imsg-sim/chat.db)",
  },
  { name: "json", help: "Print JSON" },
  { name: "verbose", help: "Accepted, without effect" },
  { name: "log-level", value: "value", help: "Accepted, without effect" },
];

/** The value of `--db`, needed before anything else is read. */
export function dbOf(args: string[]): { db?: string } {
  const at = args.findIndex((arg) => arg === "--db" || arg.startsWith("--db="));
  const db = at === -1 ? undefined : args[at] === "--db" ? args[at + 1] : args[at]!.slice("--db=".length);
  return db === undefined ? {} : { db };
}

/** Whether these are the arguments of `rpc` with nothing to complain about and nothing to explain. */
export function isPlainRpc([command, ...rest]: string[]): boolean {
  if (command !== "rpc") return false;
  for (let i = 0; i < rest.length; i++) {
    const [name = "", inline] = splitOnce(rest[i]!);
    const option = commonOptions.find((known) => `--${known.name}` === name);
    if (option === undefined) return false;
    if (option.value === undefined || inline !== undefined) continue;
    const value = rest[++i];
    if (value === undefined || value.startsWith("-")) return false;
  }
  return true;
}

/** A wrong command line; its text goes to where the command reports errors. */
export class UsageError extends Error {}

/** The options as given. */
export class Given {
  readonly #values = new Map<string, string[]>();

  /** @throws UsageError */
  constructor(args: string[], options: Option[]) {
    const all = [...options, ...commonOptions];
    for (let i = 0; i < args.length; i++) {
      const arg = args[i]!;
      const [word = "", inline] = arg.startsWith("--") ? splitOnce(arg.slice(2)) : [arg.slice(1)];
      const option = arg.startsWith("-")
        ? all.find(({ name, short }) => name === word || short === word)
        : undefined;
      if (option === undefined)
        throw new UsageError(arg.startsWith("-") ? `Unknown option ${arg}` : `Unexpected argument ${arg}`);
      const value = option.value === undefined ? "true" : (inline ?? args[++i]);
      if (value === undefined) throw new UsageError(`Missing value for option: --${option.name}`);
      const tooSmall = option.min !== undefined && Number(value) < option.min;
      if (option.integer && (!/^-?\d+$/.test(value) || tooSmall))
        throw new UsageError(`Invalid value for option: --${option.name}`);
      const before = this.#values.get(option.name) ?? [];
      this.#values.set(option.name, option.repeat ? [...before, value] : [value]);
    }
    for (const { name, required } of options)
      if (required && !this.#values.has(name)) throw new UsageError(`Missing required option: --${name}`);
  }

  /** The value of an option, the last one where it was given several times. */
  text(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  /** As {@link text}, for an option that was declared to be a whole number. */
  integer(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : Number(text);
  }

  /** Whether an option was given. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** All values of an option that may be repeated, as they were given. */
  list(name: string): string[] {
    return this.#values.get(name) ?? [];
  }
}

function splitOnce(text: string): [string, string?] {
  const at = text.indexOf("=");
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

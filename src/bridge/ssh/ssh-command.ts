import { isRemoteHost } from "../../config/index.js";
import type { ShellWord } from "./shell-words.js";

/** Where an ssh command line leads, and how. */
export interface SshCommand {
  /** `host` or `user@host`, fit for `remoteHost`. */
  host: string;
  /** What the connection needs beside the host, as ssh and scp both take it. */
  options: string[];
}

const withValue = new Set([..."BbcDEeFIiJLlmOoPpQRSWw"]);
const withoutValue = new Set([..."46AaCfGgKkMNnqsTtVvXxYy"]);
/** Options with which ssh does not run the command that follows, or not over this connection. */
const runsNothing = new Set([..."GNOQVWs"]);

/** Options of one letter that scp needs too, by the name that both know. */
const sameAs: Record<string, string> = {
  p: "Port",
  i: "IdentityFile",
  J: "ProxyJump",
  b: "BindAddress",
};

/** Settings that lead to the host or prove it; ours for host keys and prompts come before them and win. */
const needed = new Set(
  [
    "AddressFamily BindAddress BindInterface CertificateFile Ciphers GlobalKnownHostsFile",
    "HostKeyAlgorithms HostKeyAlias IdentitiesOnly IdentityAgent IdentityFile KexAlgorithms MACs Port",
    "ProxyCommand ProxyJump PubkeyAcceptedAlgorithms UserKnownHostsFile",
  ]
    .join(" ")
    .toLowerCase()
    .split(" "),
);

interface Parsed {
  user?: string;
  options: string[];
}

/**
 * Reads `ssh [options] [user@]host [options] [path/]imsg "$@"`.
 * @param words everything after `ssh`
 * @param home folder that `~/` stands for
 * @returns undefined when it is anything else, or the host cannot be told for sure
 */
export function sshCommand(words: ShellWord[], home: string): SshCommand | undefined {
  const isPlain = ({ isUnclear, isArguments }: ShellWord) => !isUnclear && !isArguments;
  const parsed: Parsed = { options: [] };
  const afterOptions = readOptions(words, 0, parsed, home);
  if (afterOptions === undefined) return undefined;
  const place = words[afterOptions.at];
  if (place === undefined || !isPlain(place) || place.home) return undefined;
  // ssh takes options behind the host, too, unless `--` ended them.
  const rest = afterOptions.isLast
    ? { at: afterOptions.at + 1 }
    : readOptions(words, afterOptions.at + 1, parsed, home);
  if (rest === undefined) return undefined;
  const [program, args, ...more] = words.slice(rest.at);
  if (program === undefined || !isPlain(program) || !/^(.*\/)?imsg$/.test(program.text)) return undefined;
  if (!args?.isArguments || args.isUnclear || more.length > 0) return undefined;
  const host = hostOf(place.text, parsed.user);
  return host === undefined ? undefined : { host, options: parsed.options };
}

/** @returns where the first word stands that is no option, and whether `--` was before it */
function readOptions(
  words: ShellWord[],
  from: number,
  parsed: Parsed,
  home: string,
): { at: number; isLast: boolean } | undefined {
  let at = from;
  for (; at < words.length; at += 1) {
    const word = words[at]!;
    if (word.isArguments || !word.text.startsWith("-")) return { at, isLast: false };
    if (word.isUnclear || word.text === "-") return undefined;
    if (word.text === "--") return { at: at + 1, isLast: true };
    for (let letter = 1; letter < word.text.length; letter += 1) {
      const option = word.text[letter]!;
      if (runsNothing.has(option)) return undefined;
      if (withValue.has(option)) {
        const attached = word.text.slice(letter + 1);
        const value = attached === "" ? givenBy(words[++at], home) : attached;
        if (value === undefined || !take(option, value, parsed)) return undefined;
        break;
      }
      if (!withoutValue.has(option)) return undefined;
      if (option === "4" || option === "6")
        parsed.options.push("-o", `AddressFamily=inet${option === "6" ? "6" : ""}`);
    }
  }
  return undefined;
}

function givenBy(word: ShellWord | undefined, home: string): string | undefined {
  if (word === undefined || word.isUnclear || word.isArguments || word.text === "") return undefined;
  return word.home ? home + word.text.slice(1) : word.text;
}

/** @returns false when the option makes it unclear where the connection goes */
function take(option: string, value: string, parsed: Parsed): boolean {
  if (option === "l") return setUser(value, parsed);
  if (option === "F") parsed.options.push("-F", value);
  const name = sameAs[option];
  if (name !== undefined) parsed.options.push("-o", `${name}=${value}`);
  if (option !== "o") return true;
  const [, key = "", setting = ""] = /^\s*([A-Za-z0-9]+)(?:\s*=\s*|\s+)(.+)$/.exec(value) ?? [];
  const lower = key.toLowerCase();
  if (lower === "" || lower === "hostname" || lower === "remotecommand") return false;
  if (lower === "user") return setUser(setting, parsed);
  if (needed.has(lower)) parsed.options.push("-o", `${key}=${setting}`);
  return true;
}

function setUser(user: string, parsed: Parsed): boolean {
  if (parsed.user !== undefined && parsed.user !== user) return false;
  parsed.user = user;
  return true;
}

function hostOf(place: string, user: string | undefined): string | undefined {
  const cut = place.lastIndexOf("@");
  const named = cut === -1 ? undefined : place.slice(0, cut);
  if (named !== undefined && user !== undefined && named !== user) return undefined;
  const bare = place.slice(cut + 1);
  const host = /^[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:]*$/.test(bare) ? `[${bare}]` : bare;
  const login = named ?? user;
  const whole = login === undefined ? host : `${login}@${host}`;
  return isRemoteHost(whole) ? whole : undefined;
}

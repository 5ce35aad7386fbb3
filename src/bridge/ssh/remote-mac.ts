/** A Mac that is somewhere else, and how it is reached. */
export interface RemoteMac {
  /** `host` or `user@host`; an IPv6 address in brackets. */
  host: string;
  /** What ssh and scp need beside it: port, key, jump host. */
  options: string[];
}

/** How long a connection may take to stand, seconds. */
const connectSeconds = 10;

/** First value wins with ssh, so nothing after these can ask for a password or take an unknown host key (behaviour 7.3). */
const strict = ["-o", "StrictHostKeyChecking=yes", "-o", "BatchMode=yes"];

/**
 * The arguments of ssh for one command on the Mac.
 * @param command read by the login shell there: never a text from outside
 */
export function sshArguments({ host, options }: RemoteMac, command: string): string[] {
  const connect = ["-o", `ConnectTimeout=${connectSeconds}`];
  // scp needs the brackets, ssh does not take them.
  const bare = host.replace(/\[([^\]]*)\]/, "$1");
  return ["-T", ...strict, ...connect, ...options, "--", bare, command];
}

/** The arguments of scp; `from` and `to` are its two places. */
export function scpArguments({ options }: RemoteMac, form: string[], from: string, to: string): string[] {
  return [...strict, "-o", `ConnectTimeout=${connectSeconds}`, ...form, ...options, "--", from, to];
}

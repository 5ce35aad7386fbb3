import type { SshFaultCode } from "./faults.js";

/** What ssh and scp say about a connection that failed; the first match counts. */
const meanings: [RegExp, SshFaultCode][] = [
  [/identification has changed|host key for .* has changed|possible dns spoofing/i, "SSH_HOST_KEY_CHANGED"],
  [/host key verification failed|no \S+ host key is known for/i, "SSH_HOST_KEY_UNKNOWN"],
  [/could not resolve hostname|name or service not known|nodename nor servname/i, "SSH_HOST_UNKNOWN"],
  [/connection refused/i, "SSH_REFUSED"],
  [
    /permission denied \([a-z0-9@.,-]+\)|too many authentication failures|permission denied, please try again|no more authentication methods/i,
    "SSH_LOGIN_REFUSED",
  ],
  [
    /closed by remote host|connection reset|broken pipe|timeout, server .* not responding|connection closed by|client_loop:|software caused connection abort/i,
    "SSH_DROPPED",
  ],
  [/(connection|operation) timed out|no route to host|(network|host) is (unreachable|down)/i, "SSH_TIMEOUT"],
];

/** @returns what a failed connection failed of; undefined when its words say nothing known */
export function hopMeaning(text: string): SshFaultCode | undefined {
  return meanings.find(([pattern]) => pattern.test(text))?.[1];
}

/** Whether a shell says that there is no ssh; its exit code is the same as for a missing imsg. */
export function saysNoSsh(text: string): boolean {
  return /\bssh: (command )?not found|command not found: ssh\b|ssh: no such file/i.test(text);
}

/** What scp says of a file, when the connection stood. */
export function fileMeaning(text: string): SshFaultCode {
  if (/no such file or directory/i.test(text)) return "REMOTE_FILE_MISSING";
  if (/permission denied|operation not permitted/i.test(text)) return "REMOTE_FILE_UNREADABLE";
  if (/not a regular file|is a directory/i.test(text)) return "REMOTE_PATH_REFUSED";
  return "REMOTE_COPY_FAILED";
}

import { runProgram, shellWord } from "../../platform/index.js";
import type { RemoteMac } from "./remote-mac.js";

/** What ssh itself is sure of. */
const defaultFiles = "~/.ssh/known_hosts ~/.ssh/known_hosts2";
const readMs = 5000;

/**
 * Makes of a remedy that names a HOST one that can be typed as it stands: with the port, the key and the configuration that
 * the wrapper script has, and with the name under which the host key is kept (behaviour 13).
 * @param hint with `ssh HOST` and `ssh-keygen -R HOST` in it
 */
export async function typedRemedy(hint: string, mac: RemoteMac, env?: NodeJS.ProcessEnv): Promise<string> {
  const bare = mac.host.replace(/\[([^\]]*)\]/, "$1");
  const options = mac.options.map(shellWord).join(" ");
  const ssh = options === "" ? "ssh" : `ssh ${options}`;
  const forget = hint.includes("ssh-keygen -R HOST") ? await forgetCommand(mac, bare, env) : "";
  return hint
    .replaceAll("ssh-keygen -R HOST", forget)
    .replace(/\bssh (?=(-T )?HOST\b)/g, `${ssh} `)
    .replace(/\bHOST\b/g, shellWord(bare));
}

/** A host key is kept under the name that ssh resolves to, with its port, and perhaps in a file of its own. */
async function forgetCommand(
  mac: RemoteMac,
  bare: string,
  env: NodeJS.ProcessEnv | undefined,
): Promise<string> {
  const run = await runProgram("ssh", ["-G", ...mac.options, "--", bare], { env, timeoutMs: readMs });
  const settings = new Map(
    run.state === "ended" && run.exitCode === 0
      ? run.stdout.split("\n").map((line) => [line.split(" ", 1)[0]!, line.slice(line.indexOf(" ") + 1)])
      : [],
  );
  const host = settings.get("hostname") ?? bare.slice(bare.lastIndexOf("@") + 1);
  const port = settings.get("port") ?? portIn(mac.options) ?? "22";
  const name = settings.get("hostkeyalias") ?? (port === "22" ? host : `[${host}]:${port}`);
  const files = settings.get("userknownhostsfile") ?? "";
  const isOwnFile = files !== "" && !files.endsWith("/.ssh/known_hosts2") && files !== defaultFiles;
  const file = isOwnFile ? ` -f ${shellWord(files.split(" ")[0]!)}` : "";
  return `ssh-keygen${file} -R ${shellWord(name)}`;
}

/** As the wrapper's is kept: a setting, which ssh and scp both know; the first counts. */
function portIn(options: readonly string[]): string | undefined {
  return options.map((option) => /^port=(.+)$/i.exec(option)?.[1]).find((port) => port !== undefined);
}

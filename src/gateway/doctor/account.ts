import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Account } from "../../config/index.js";
import { commandOf, probeCommand } from "../probe.js";
import { type Finding, failed, fine, warn } from "./check.js";

const run = promisify(execFile);

/** The whole way to Messages for one account: the hop, the program, RPC, the database, sending, the private API. */
export async function checkAccount(
  account: Account,
  home: string,
  platform: NodeJS.Platform,
): Promise<Finding[]> {
  const name = (check: string) => `${check}/${account.id}`;
  const hop = account.remoteHost
    ? [await checkHop(name("ssh"), account.remoteHost, account.probeTimeoutMs)]
    : [];
  if (hop.some(({ level }) => level === "fail")) return hop;
  const { stages, privateApi } = await probeCommand(commandOf(account, home), account.probeTimeoutMs);
  const found = stages.map((stage): Finding => {
    const check = name(
      { child: "imsg", rpc: "rpc", database: "database" }[stage.name as "child"] ?? stage.name,
    );
    return stage.ok
      ? fine(check, stage.detail)
      : failed(check, stage.detail, stage.remedy ?? "See the manual of imsg.");
  });
  const api = privateApi?.available
    ? fine(name("private-api"), "reactions, edits, effects and typing are available")
    : warn(
        name("private-api"),
        "texts and files only: the private API is not loaded",
        privateApi?.remedy ?? "Run `imsg launch` on the Mac to use reactions, edits, effects and typing.",
      );
  const automation =
    account.remoteHost || platform !== "darwin" ? [] : [await checkAutomation(name("automation"))];
  return [...hop, ...found, ...automation, api];
}

/** Host key and login, without a password prompt (behaviour 7.3). */
async function checkHop(check: string, host: string, timeoutMs: number): Promise<Finding> {
  const seconds = Math.max(1, Math.ceil(timeoutMs / 1000));
  const options = [
    "-o",
    "BatchMode=yes",
    "-o",
    "StrictHostKeyChecking=yes",
    "-o",
    `ConnectTimeout=${seconds}`,
  ];
  try {
    await run("ssh", [...options, "--", host, "true"], { timeout: timeoutMs + 2000 });
    return fine(check, `${host} lets us in`);
  } catch (error) {
    const said = String((error as { stderr?: string }).stderr ?? error).trim();
    if (/REMOTE HOST IDENTIFICATION HAS CHANGED/i.test(said))
      return failed(
        check,
        `the host key of ${host} is not the one that is known`,
        `Find out why, then: ssh-keygen -R ${host}`,
      );
    if (/Host key verification failed|No .* host key is known/i.test(said))
      return failed(
        check,
        `the host key of ${host} is not known`,
        `Connect once by hand and check the key: ssh ${host}`,
      );
    if (/Permission denied/i.test(said))
      return failed(
        check,
        `${host} refuses the login`,
        "Use an SSH key without a password prompt, or an agent that holds it.",
      );
    return failed(
      check,
      `${host} cannot be reached: ${said.split("\n").at(-1) ?? "no answer"}`,
      "Check the name, the network, and that Remote Login is on.",
    );
  }
}

/** Asks Messages for its name: what a send would need, without sending (protocol reference 9.10). */
async function checkAutomation(check: string): Promise<Finding> {
  try {
    await run("/usr/bin/osascript", ["-e", 'tell application "Messages" to get name'], { timeout: 10_000 });
    return fine(check, "this process may control Messages");
  } catch (error) {
    const said = String((error as { stderr?: string }).stderr ?? error).trim();
    return failed(
      check,
      /-1743/.test(said)
        ? "this process may not control Messages"
        : `Messages cannot be controlled: ${said.split("\n").at(-1)}`,
      "System Settings > Privacy & Security > Automation: allow Messages for the program that runs the gateway.",
    );
  }
}

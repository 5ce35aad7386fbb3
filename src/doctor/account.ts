import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { checkHop, type RemoteMac, type Way } from "../bridge/index.js";
import type { Account } from "../config/index.js";
import { hopStage, macOf, probeMac, wayTo } from "../gateway/index.js";
import { type Finding, failed, fine, warn } from "./check.js";

const run = promisify(execFile);

/** The whole way to Messages for one account: the hop, the program, RPC, the database, sending, the private API. */
export async function checkAccount(
  account: Account,
  home: string,
  platform: NodeJS.Platform,
): Promise<Finding[]> {
  const name = (check: string) => `${check}/${account.id}`;
  const way = wayTo(account, home);
  const { mac } = way;
  const hop = mac ? [await checkSsh(name("ssh"), mac, account.probeTimeoutMs)] : [];
  if (hop.some(({ level }) => level === "fail")) return hop;
  const { stages, privateApi } = await probeMac(macOf(account, home), account.probeTimeoutMs);
  const found = stages.map((stage): Finding => {
    const check = name(
      { child: "imsg", rpc: "rpc", database: "database" }[stage.name as "child"] ?? stage.name,
    );
    return stage.ok
      ? fine(check, stage.detail)
      : failed(check, stage.detail, stage.remedy ?? "See the manual of imsg.");
  });
  // Of a program that cannot be started nothing else is known.
  const isThere = stages.every(({ name: stage, ok }) => stage !== "child" || ok);
  const api = privateApi?.available
    ? fine(name("private-api"), "reactions, edits, effects and typing are available")
    : warn(
        name("private-api"),
        "texts and files only: the private API is not loaded",
        privateApi?.remedy ?? "Run `imsg launch` on the Mac to use reactions, edits, effects and typing.",
      );
  const automation = mac || platform !== "darwin" ? [] : [await checkAutomation(name("automation"))];
  return [...hop, ...checkWrapper(name("wrapper"), way), ...found, ...automation, ...(isThere ? [api] : [])];
}

/** Host key and login, without a password prompt (behaviour 7.3). */
async function checkSsh(check: string, mac: RemoteMac, timeoutMs: number): Promise<Finding> {
  const { ok, detail, remedy } = hopStage(mac.host, await checkHop(mac, timeoutMs));
  return ok ? fine(check, detail) : failed(check, detail, remedy ?? `Try by hand: ssh ${mac.host} true`);
}

/** A script that leads to another machine in a way that nobody can tell: its files are out of reach. */
function checkWrapper(check: string, { mac, argumentReader }: Way): Finding[] {
  if (argumentReader !== "unknown") return [];
  return [
    warn(
      check,
      mac
        ? "the wrapper script is not of the usual form: a port or a key in it is not used for files"
        : "the wrapper script names no Mac that can be told for sure: files are looked for on this machine",
      'Make it `exec ssh -T HOST imsg "$@"`, or set remoteHost.',
    ),
  ];
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

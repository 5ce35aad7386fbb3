import { checkHop, type RemoteMac, type Way } from "../bridge/index.js";
import type { Account } from "../config/index.js";
import { hopStage, macOf, probeMac, wayTo } from "../gateway/index.js";
import { launchRemedy } from "../platform/index.js";
import { by, type Finding, failed, fine, warn } from "./check.js";
import { oldImsg } from "./macos/imsg-version.js";
import type { ExaminedMac } from "./macos/mac.js";
import { checkMessages } from "./macos/messages.js";
import { checkAutomation, checkDatabase } from "./macos/permissions.js";
import { checkPrivateApi } from "./macos/private-api.js";

/**
 * The whole way to Messages for one account: the hop, the program, RPC, the database, sending, the private API.
 * @param here this machine, where it is a Mac; an account elsewhere has nothing of it
 */
export async function checkAccount(account: Account, home: string, here?: ExaminedMac): Promise<Finding[]> {
  const name = (check: string) => `${check}/${account.id}`;
  const way = wayTo(account, home);
  const { mac } = way;
  const hop = mac ? [await checkSsh(name("ssh"), mac, account.probeTimeoutMs)] : [];
  if (hop.some(({ level }) => level === "fail")) return hop;
  const { stages, version, privateApi, helperMismatch } = await probeMac(
    macOf(account, home),
    account.probeTimeoutMs,
  );
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
        privateApi?.remedy ?? launchRemedy,
      );
  const wrapper = checkWrapper(name("wrapper"), way);
  const helper = helperMismatch === undefined ? [] : [oldHelper(name("helper"), helperMismatch)];
  if (mac || !here) return [...hop, ...wrapper, ...found, ...(isThere ? [api, ...helper] : [])];
  const probed: Probed = { name, found, version, isLoaded: privateApi?.available, isThere };
  return [...wrapper, ...(await checkHere(account.id, probed, here)), ...helper];
}

/** An update of imsg leaves the old library in Messages (protocol reference 21). @param said what imsg says of it */
function oldHelper(check: string, said: string): Finding {
  return warn(check, `the library in Messages is not that of this imsg: ${said}`, launchRemedy);
}

/** What a probe from this terminal found. */
interface Probed {
  name: (check: string) => string;
  found: Finding[];
  version: string | undefined;
  isLoaded: boolean | undefined;
  isThere: boolean;
}

/** The account's own part of this Mac: what macOS judges is told by whoever it judges (behaviour 13.1). */
async function checkHere(
  id: string,
  { name, found, version, isLoaded, isThere }: Probed,
  { run, verdict, standing, signature }: ExaminedMac,
): Promise<Finding[]> {
  const { messages, databases } = verdict.found;
  const database = databases.find((one) => one.id === id);
  const old = version === undefined ? undefined : oldImsg(name("imsg"), version);
  const lines = found.map((finding) => {
    if (database && finding.check === name("database"))
      return checkDatabase(finding.check, database, standing);
    return by("terminal", old && finding.check === old.check ? old : finding);
  });
  const sending = messages ? checkAutomation(name("automation"), messages, signature, standing) : [];
  const app = messages
    ? [await checkMessages(name("messages"), { whose: standing.whose, answer: messages, database }, run)]
    : [];
  const api = isThere ? [await checkPrivateApi(name("private-api"), isLoaded === true, run)] : [];
  return [...lines, ...sending, ...app, ...api];
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

import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { owner } from "../support/acp-house.js";
import { isAlive, until } from "../support/process-alive.js";
import type { RealHouse } from "./real-house.js";

/** A column of the matrix: what is tried with each agent, in a house of its own. */
export interface Scenario {
  name: string;
  /** @throws what does not fit; its message stands below the table */
  run(real: RealHouse): Promise<void>;
}

/** @throws with what was said instead */
function same(said: string, wanted: string | RegExp): void {
  if (typeof wanted === "string" ? said !== wanted : !wanted.test(said))
    throw new Error(`it said: ${said.slice(0, 600)}`);
}

async function started(real: RealHouse): Promise<RealHouse> {
  await real.configure();
  await real.house.start();
  return real;
}

/** The agent is asked to make a file, and the owner answers its question. */
function permission(how: string, isAllowed: boolean, answer: (real: RealHouse) => Promise<void>): Scenario {
  return {
    name: `permission ${isAllowed ? "yes" : "no"} by ${how}`,
    async run(real) {
      await started(real);
      const file = join(real.workspace, "made.txt");
      real.house.mac.say(owner, `play:run touch ${file}`);
      const question = await real.sees("The agent asks: ");
      same(question.text, /touch/);
      if (existsSync(file)) throw new Error("it did not wait for the answer");
      await answer(real);
      await real.sees("noted.", question.rowId);
      await real.house.settled("the turn is over", 90_000);
      if (existsSync(file) !== isAllowed) throw new Error(`the file is ${isAllowed ? "not " : ""}there`);
    },
  };
}

const words = (text: string) => async (real: RealHouse) => {
  real.house.mac.say(owner, text);
};
const tapback = (kind: string) => async (real: RealHouse) => {
  real.house.mac.react(owner, await real.sees("The agent asks: "), kind);
};

/** A binding to the agent, where another one answers else. @param peer of the owner's chat */
function binding(kind: string, peer: (real: RealHouse) => string): Scenario {
  return {
    name: `binding by ${kind}`,
    async run(real) {
      const match = { channel: "imessage", peer: { kind: "direct", id: peer(real) } };
      await real.configure({ bindings: [{ agentId: real.agent.name, match }] }, false);
      await real.house.start();
      same(await real.ask("play:say bound"), "bound");
    },
  };
}

/** The agent's processes: children of the gateway beside imsg. */
async function agentPids(real: RealHouse): Promise<number[]> {
  const children = await real.house.gateways.at(-1)!.children();
  const lineOf = (pid: number) =>
    execFileSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" });
  return children.filter((pid) => isAlive(pid) && lineOf(pid).includes(real.agent.name));
}

export const scenarios: Scenario[] = [
  {
    name: "doctor",
    async run(real) {
      await real.configure();
      const { code, stdout } = await real.house.tapback(["agents", "doctor", real.agent.name]);
      if (code !== 0 || !stdout.includes("asked for Tapback's tools")) throw new Error(stdout);
    },
  },
  {
    name: "first message",
    run: async (real) => same(await (await started(real)).ask("play:say hello there"), "hello there"),
  },
  {
    name: "second turn with context",
    async run(real) {
      await started(real);
      await real.ask("the word is walrus, play:say noted down");
      same(await real.ask("play:recall"), "It was walrus");
    },
  },
  {
    name: "/new",
    async run(real) {
      await started(real);
      await real.ask("the word is walrus, play:say noted down");
      same(await real.ask("/new"), "Done. We start afresh.");
      same(await real.ask("play:recall"), "I know of no word");
    },
  },
  {
    name: "tools right after /new",
    async run(real) {
      await started(real);
      await real.ask("play:say quick");
      await real.ask("/new");
      same(await real.ask("play:call history {}"), /quick/);
    },
  },
  {
    name: "/stop",
    async run(real) {
      await started(real);
      await real.ask("play:say hello");
      const before = real.models.requests.length;
      real.house.mac.say(owner, "play:stall");
      await until("the model was asked", () =>
        real.models.requests.slice(before).some(({ raw }) => raw.includes("play:stall")),
      );
      same(await real.ask("/stop"), /^Stopped/);
      same(await real.ask("play:say back again"), "back again");
    },
  },
  permission("word", true, words("yes")),
  permission("word", false, words("no")),
  permission("number", true, words("1")),
  permission("number", false, words("2")),
  permission("tapback", true, tapback("like")),
  permission("tapback", false, tapback("dislike")),
  {
    name: "react by MCP",
    async run(real) {
      await started(real);
      const input = { action: "react", emoji: "love", messageId: "1" };
      real.house.mac.say(owner, `play:call message ${JSON.stringify(input)}`);
      const said = await real.sees("");
      await real.house.settled("the turn is over", 90_000);
      same(said.text, /^Loved “/);
      await real.sees('{"ok":true');
    },
  },
  {
    name: "send a file",
    async run(real) {
      await started(real);
      writeFileSync(join(real.workspace, "note.txt"), "a note");
      const input = {
        action: "upload-file",
        path: join(real.workspace, "note.txt"),
      };
      same(await real.ask("play:say MEDIA:note.txt"), /^\ufffc?$/);
      await real.ask(`play:call message ${JSON.stringify(input)}`);
      await real.sees('{"ok":true');
    },
  },
  {
    name: "schedule",
    async run(real) {
      await started(real);
      const input = { do: "add", text: "it is time", inMinutes: 0.05 };
      real.house.mac.say(owner, `play:call schedule ${JSON.stringify(input)}`);
      await real.sees('{"id":');
      await real.sees("it is time");
    },
  },
  {
    name: "history",
    async run(real) {
      await started(real);
      await real.ask("the first of all, play:say hello");
      same(await real.ask("play:call history {}"), /the first of all/);
    },
  },
  {
    name: "kill and restart in a turn",
    async run(real) {
      const gateway = (await started(real)).house.gateways[0]!;
      await real.ask("the word is walrus, play:say noted down");
      const before = real.models.requests.length;
      real.house.mac.say(owner, "play:stall");
      await until("the model was asked", () =>
        real.models.requests.slice(before).some(({ raw }) => raw.includes("play:stall")),
      );
      const [pid] = await agentPids(real);
      gateway.kill("SIGKILL");
      await gateway.ended;
      if (pid !== undefined) await until("the agent ended with its gateway", () => !isAlive(pid));
      real.models.answer = (request) => real.played(request, "play:stall", "play:say after the restart");
      const at = real.lastRow;
      await real.house.start();
      await real.sees("after the restart", at);
      same(await real.ask("play:recall"), "It was walrus");
    },
  },
  {
    name: "/acp spawn --bind here, close",
    async run(real) {
      await real.configure({}, false);
      await real.house.start();
      same(await real.ask(`/acp spawn ${real.agent.name} --bind here`), /bound/);
      same(await real.ask("play:say in here"), "in here");
      await real.ask("/acp close");
      same(await real.ask("play:say in here"), /^(?!in here$)/);
    },
  },
  binding("handle", () => owner),
  binding("chat_id", ({ house }) => `chat_id:${house.mac.chatId(owner)}`),
  binding("chat_guid", () => `chat_guid:iMessage;-;${owner}`),
  binding("chat_identifier", () => `chat_identifier:${owner}`),
];

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openSimulator, type Simulator, simulatorProgram } from "../../src/simulator/index.js";
import type { PollFile } from "../../src/simulator/reading/polls.js";
import { until } from "../faults/harness/wait.js";
import type { FakeModels } from "../support/fake-models.js";
import type { Installed } from "./installed.js";
import { PlayedModel } from "./played-model.js";
import { Program } from "./program.js";

/** Somebody else's program on a machine of two cores that others use as well. */
const answerMs = 240_000;

export const mia = "+15550100123";
export const ben = "+15550100456";

type Call = { at: number; pid: number; method?: string; params?: Record<string, unknown>; argv?: string[] };

/** OpenClaw on a world of one version of imsg. */
export class PeerHouse {
  readonly world: Simulator;
  readonly model: PlayedModel;
  /** What of it had to be killed. */
  readonly left: string[] = [];
  #gateway: Program | undefined;

  private constructor(
    readonly version: string,
    readonly installed: Installed,
    readonly models: FakeModels,
  ) {
    this.world = openSimulator(installed.messages, { version, sip: "disabled", record: true });
    this.world.person(mia, "Mia Wong");
    this.world.person(ben, "Ben Ito");
    this.model = new PlayedModel(models);
  }

  static async open(version: string, installed: Installed, models: FakeModels): Promise<PeerHouse> {
    models.requests.length = 0;
    await installed.renew({
      channels: {
        imessage: {
          enabled: true,
          cliPath: simulatorProgram(),
          dbPath: join(installed.messages, "chat.db"),
          includeAttachments: true,
          // What it lets in by itself is /Users/*/Library/Messages/Attachments alone.
          attachmentRoots: [join(installed.messages, "Attachments")],
          groupPolicy: "allowlist",
          groupAllowFrom: [mia, ben],
          groups: { "*": { requireMention: true } },
        },
      },
      messages: { groupChat: { mentionPatterns: ["@claw"] } },
      // Without an owner the first approval writes one, and that restarts the channel; see docs/simulator.md.
      commands: { ownerAllowFrom: [`imessage:${mia}`] },
    });
    return new PeerHouse(version, installed, models);
  }

  /** Starts its gateway, and waits until it watches. */
  async start(): Promise<void> {
    const { program, script, env, home, log } = this.installed;
    const before = this.calls("watch.subscribe").length;
    this.#gateway = Program.start(program, [script, "gateway", "run", "--verbose"], env, home, log);
    await this.watches(before);
  }

  /** Stops its gateway as a service manager does. */
  async stop(): Promise<void> {
    this.left.push(...((await this.#gateway?.stop()) ?? []));
    this.#gateway = undefined;
  }

  /** Waits until it watches anew. @param before how many subscriptions there were */
  watches(before: number): Promise<void> {
    return this.until(
      `it watches for the ${before + 1}. time`,
      () => this.calls("watch.subscribe").length > before,
    );
  }

  /** Kills the child that watches. */
  killChild(): void {
    process.kill(this.calls("watch.subscribe").at(-1)!.pid, "SIGKILL");
  }

  /** What imsg was asked: of one RPC method, or with one command. */
  calls(name?: string): Call[] {
    const all = this.world.requests() as unknown as Call[];
    return name === undefined ? all : all.filter(({ method, argv }) => (method ?? argv?.[0]) === name);
  }

  /** Number of the direct chat with somebody. */
  chatOf(handle: string): number {
    return this.world.chat(handle).id;
  }

  /** The files that the account sent to a chat, as far as they are there. */
  filesOf(chat: number): Buffer[] {
    const sent = this.world.transcript(chat).filter(({ from }) => from === "me");
    return sent.flatMap(({ attachments }) => attachments.filter(Boolean)).map((path) => readFileSync(path));
  }

  /** What was chosen in a poll, by text. @param poll GUID */
  votesOn(poll: string): string[] {
    const { polls, votes } = JSON.parse(
      readFileSync(join(this.installed.messages, "polls.json"), "utf8"),
    ) as PollFile;
    const texts = new Map(polls[poll]?.options.map(({ id, text }) => [id, text]));
    const cast = Object.values(votes).filter((vote) => vote.poll === poll);
    return cast.flatMap(({ chosen }) => chosen.map((id) => texts.get(id) ?? id));
  }

  /** `imsg launch`: the private API is there from now on. */
  launch(): void {
    execFileSync(simulatorProgram(), ["launch"], { env: this.installed.env });
  }

  /** Waits until the chat has a message of the account with this text. @returns it */
  async answered(chat: number, text: string) {
    const find = () => this.world.transcript(chat).find((one) => one.from === "me" && one.text === text);
    await this.until(`“${text}” in chat ${chat}`, () => find() !== undefined);
    return find()!;
  }

  /** @throws with what the chats and the log have when it does not come */
  until(what: string, holds: () => boolean): Promise<void> {
    return until(holds, () => `${what}\n${this.chats()}\n${this.installed.trouble()}`, answerMs);
  }

  async close(): Promise<void> {
    await this.stop();
    this.world.close();
  }

  private chats(): string {
    return this.world
      .transcript()
      .map(({ chatId, from, text }) => `  chat ${chatId}, ${from}: ${text}`)
      .join("\n");
  }
}

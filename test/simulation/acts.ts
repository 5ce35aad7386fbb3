import type { VirtualClock, World } from "../../src/testing/index.js";
import type { Disk } from "./disk.js";
import type { Ledger, Said } from "./ledger.js";
import type { Lives } from "./lives.js";
import type { Act } from "./plan.js";
import type { Random } from "./random.js";
import type { Admission } from "./settings.js";

/** What is older nobody can take for an echo, milliseconds. */
const longAgoMs = 30_000;
/** By then every message is in its chat, milliseconds. */
const joinedMs = 5000;

/** What steps act on. */
export interface ActsDeps {
  world: World;
  clock: VirtualClock;
  lives: Lives;
  disk: Disk;
  ledger: Ledger;
  /** Numbers of the groups' chats. */
  groupIds: readonly number[];
  /** How far each side's time of day is ahead, milliseconds. */
  ahead: { gateway: number; mac: number };
  configure(admission: Admission): void;
}

/** Carries out steps. */
export class Acts {
  /** How many messages people wrote. */
  said = 0;
  /** The direct chats' people, by the number of the chat. */
  readonly personOf = new Map<number, string>();

  constructor(private readonly deps: ActsDeps) {}

  /** @param random the step's own chances */
  async carryOut(act: Act, id: number, random: Random): Promise<unknown> {
    const { world, clock, lives, disk, ahead } = this.deps;
    const { mac } = world;
    switch (act.do) {
      case "mac fault":
        return mac.fault({ ...act.fault, seed: id });
      case "heal mac":
        return mac.clearFaults();
      case "child dies":
        return world.imsg.children[0]?.signal("SIGKILL");
      case "messages restarts":
        mac.set({ bridge: false });
        clock.after(act.downMs, () => mac.set({ bridge: true }));
        return;
      case "clock jumps":
        ahead[act.side] += act.ms;
        return;
      case "machine sleeps":
        return clock.leap(act.ms);
      case "configure":
        return this.deps.configure(act.admission);
      case "process dies":
        return lives.arm(act.death, act.powerLoss, act.downMs);
      case "restart":
        return lives.stop(act.downMs);
      case "late words":
        return lives.lateWords();
      case "disk full":
        return disk.fill(act.forMs);
      case "disk faulty":
        return disk.beFaulty(act.forMs, act.chance);
      case "quiet":
        return;
      case "by hand":
        return this.#byHand(act.to, act.repeats, id);
      default:
        return this.#write(act, random);
    }
  }

  /** Somebody writes; the message's own word is made of how many were written before. */
  say(who: string, text: string, asks: Said["asks"], where: { group?: number; service?: "SMS" } = {}): void {
    const { world, ledger, clock, groupIds } = this.deps;
    const { group, service } = where;
    const token = `m${this.said++}`;
    const chat = group === undefined ? {} : { chat: groupIds[group]! };
    const { id, guid, chatId } = world.mac.say({ from: who, text, ...chat, ...(service && { service }) });
    if (group === undefined) this.personOf.set(chatId, who);
    ledger.say({ token, guid, rowId: id, chatId, who, group, asks, at: clock.now() });
  }

  #write(act: Act, random: Random): unknown {
    const { mac } = this.deps.world;
    switch (act.do) {
      case "say":
        return this.say(act.who, `m${this.said} asks ${act.asks}`, act.asks, act);
      case "burst":
        for (let each = 0; each < act.count; each++) this.say(act.who, `m${this.said} asks plain`, "plain");
        return undefined;
      case "quote": {
        const old = this.#oldWords(act.who);
        return old && this.say(act.who, old, "quote");
      }
      case "command":
        return this.say(act.who, act.text, "command");
      case "opt out":
        return this.say(act.who, act.text, "opt out");
    }
    if (!("back" in act)) return undefined;
    const said = [...this.deps.ledger.said.values()].at(-1 - act.back);
    if (said === undefined || said.unsent) return undefined;
    switch (act.do) {
      case "say again":
        return this.say(act.who, `m${this.said} asks ${said.asks}`, "plain");
      case "tapback":
        // One whose chat is not known yet nobody sees.
        if (said.at < this.deps.clock.now() - joinedMs)
          mac.tapback(said.who, said.guid, random.pick(["love", "like", "question"]));
        return undefined;
      case "join again":
        if (said.group === undefined) mac.joinAgain(said.guid, said.chatId);
        return undefined;
      case "unsend":
        said.unsent = true;
        return mac.unsend(said.guid);
    }
    // A copy of a message says what that said when it was copied.
    if (said.touched) return undefined;
    if (act.do === "reinsert") this.deps.ledger.byGuid.set(mac.reinsert(said.guid).guid, said);
    else if (said.asks === "plain") mac.edit(said.guid, `${said.token} asks plain, better`);
    said.touched = true;
    return undefined;
  }

  #byHand(to: string, repeats: boolean, id: number): void {
    const { world, ledger } = this.deps;
    const chat = [...this.personOf].find(([, handle]) => handle === to)?.[0];
    if (chat === undefined) return;
    const text = (repeats && this.#oldWords(to)) || `by hand ${id}`;
    ledger.byHand.add(world.mac.say({ from: "me", text, chat }).guid);
  }

  /** What the gateway said to somebody so long ago that nobody can take the same words for its echo. */
  #oldWords(who: string): string | undefined {
    const { ledger, clock } = this.deps;
    return ledger.own.findLast(
      ({ chatId, seenAt }) => this.personOf.get(chatId) === who && seenAt < clock.now() - longAgoMs,
    )?.text;
  }
}

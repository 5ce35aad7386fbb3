import type { VirtualClock, World, WorldMac } from "../../../src/testing/index.js";
import type { AllLives } from "../all-lives.js";
import { byMention, mention } from "../cast.js";
import type { Cluster } from "../cluster.js";
import type { Disk } from "../disk.js";
import type { Ledger, Said } from "../ledger.js";
import { numberOf, placeOf } from "../numbers.js";
import type { Admission } from "../settings.js";
import { repliesIn } from "../words.js";

/** What is older nobody can take for an echo, milliseconds. */
const longAgoMs = 30_000;

/** How far times of day are ahead of the world's, milliseconds. */
export interface Ahead {
  gateways: number[];
  mac: number;
}

/** What a run has. */
export interface StageParts {
  world: World;
  clock: VirtualClock;
  lives: AllLives;
  /** Under the file of a gateway that is alone. */
  disk: Disk;
  /** What several gateways have. */
  cluster: Cluster | undefined;
  ledger: Ledger;
  /** Numbers of the groups' chats, the same on each Mac. */
  groupIds: readonly number[];
  /** How far each side's time of day is ahead, milliseconds: that of each gateway, and that of the Macs. */
  ahead: Ahead;
  /** A folder for files that people send. */
  folder: string;
  configure(admission: Admission): void;
}

/** Where somebody writes. */
export interface Where {
  /** Which Mac; the first when absent, or when there is no such one. */
  mac?: number | undefined;
  group?: number | undefined;
  service?: "SMS" | undefined;
  /** Whether the agent is mentioned, in the group that asks for it. */
  mentions?: boolean | undefined;
  /** Paths of files. */
  attach?: string[] | undefined;
  /** GUID of the message that it replies to. */
  replyTo?: string | undefined;
}

/** On what steps act. */
export class Stage {
  /** How many messages people wrote. */
  said = 0;
  /** The direct chats' people, by the number of the chat. */
  readonly personOf = new Map<number, string>();

  constructor(readonly parts: StageParts) {}

  /** A Mac of the run. @param index one that the run has not got is its first */
  mac(index = 0): { index: number } & WorldMac {
    const at = index % this.parts.world.macs.length;
    return { index: at, ...this.parts.world.macs[at]! };
  }

  /** Somebody writes; the message's own word is made of how many were written before. */
  say(who: string, text: string, asks: Said["asks"], where: Where = {}): Said {
    const { ledger, clock, groupIds } = this.parts;
    const { group, service, mentions = false, attach, replyTo } = where;
    const token = `m${this.said++}`;
    const { index, mac } = this.mac(where.mac);
    const chat = group === undefined ? {} : { chat: groupIds[group]! };
    const written =
      group !== undefined && byMention.includes(group) && mentions ? `${text} ${mention}` : text;
    const more = { ...(service && { service }), ...(attach && { attach }), ...(replyTo && { replyTo }) };
    const placed = mac.say({ from: who, text: written, ...chat, ...more });
    const chatId = numberOf(index, placed.chatId);
    if (group === undefined) this.personOf.set(chatId, who);
    const said = {
      ...{ token, guid: placed.guid, rowId: numberOf(index, placed.id), chatId, who, group, asks, mentions },
      text: written,
      at: clock.now(),
    };
    ledger.say(said);
    return said;
  }

  /** A message of before; undefined where there is none, or where it was taken back. @param back 0 is the newest */
  earlier(back: number): Said | undefined {
    const said = this.parts.ledger.inOrder.at(-1 - back);
    return said?.unsent ? undefined : said;
  }

  /** The Mac on which a message stands. */
  macOf({ chatId }: Said): WorldMac["mac"] {
    return this.mac(placeOf(chatId).mac).mac;
  }

  /** Which group a chat is; undefined for any other. */
  groupOf(chatId: number): number | undefined {
    const at = this.parts.groupIds.indexOf(placeOf(chatId).id);
    return at === -1 ? undefined : at;
  }

  /** The direct chat with somebody. */
  chatWith(who: string, mac = 0): number | undefined {
    const { index } = this.mac(mac);
    const found = [...this.personOf].find(([chat, each]) => each === who && placeOf(chat).mac === index);
    return found && placeOf(found[0]).id;
  }

  /**
   * What an agent said to somebody so long ago that nobody can take the same words for its echo. What the gateway says itself it
   * may be saying again at this moment.
   */
  oldWords(who: string): string | undefined {
    const { ledger, clock } = this.parts;
    return ledger.own.findLast(
      ({ chatId, seenAt, text }) =>
        this.personOf.get(chatId) === who && seenAt < clock.now() - longAgoMs && repliesIn(text).length > 0,
    )?.text;
  }
}

import { join } from "node:path";
import type { Reason } from "../../src/conversation/index.js";
import type { JournalEntry } from "../../src/store/index.js";
import { ida, kim, lou, me, mia, type Place, sam, shortCode, strangers, tom } from "./refusal-place.js";

/** One way to be refused: how such a message comes about, and what lets the next one of its kind through. */
export interface Refusing {
  come: (place: Place) => string | Promise<string>;
  /** What the decision asks for: the name of a change of the configuration; absent where no key would help. */
  by?: keyof typeof changes;
  /** What a person does instead, after which the same kind is let in; also absent where nothing is to be done. */
  remedy?: (place: Place, guid: string) => Promise<void>;
  /** What becomes of it then, `dispatch` when absent. */
  becomes?: string;
  /** `first`: its decision comes late, so it is provoked before everything else; `last`: it changes the build. */
  when?: "first" | "last";
}

/** A change of one key, and what makes room for it. */
export interface Change {
  given?: [key: string, value: unknown];
  key: (place: Place) => string;
  value: (place: Place) => unknown;
}

const account = "channels.imessage";
const at = (path: string) => () => `${account}.${path}`;
const listed = [mia, sam, kim, tom, ida, lou, me, shortCode, ...strangers.filter((_, index) => index !== 3)];

/** In this order, each over what the ones before have left. */
export const changes = {
  turnsPerDay: {
    given: ["accessGroups", { few: { members: [mia], turnsPerDay: 1 } }],
    key: () => "accessGroups.few.turnsPerDay",
    value: () => 1000,
  },
  includeAttachments: { key: at("includeAttachments"), value: () => true },
  groups: {
    key: at("groups"),
    value: (place: Place) => ({
      [place.open]: { requireMention: true },
      [place.closed]: { enabled: false },
      [place.unlisted]: {},
    }),
  },
  groupEnabled: { key: (place: Place) => `${account}.groups.${place.closed}.enabled`, value: () => true },
  requireMention: {
    key: (place: Place) => `${account}.groups.${place.open}.requireMention`,
    value: () => false,
  },
  quietMinutes: { key: at("handoff.quietMinutes"), value: () => 0 },
  ownerServices: { key: () => "commands.ownerServices", value: () => ["imessage", "sms"] },
  pairingServices: { key: () => "pairing.services", value: () => ["imessage", "sms"] },
  allowFrom: { key: at("allowFrom"), value: () => listed },
  allowFromAlone: {
    given: [`${account}.dmPolicy`, "allowlist"],
    key: at("allowFrom"),
    value: () => [...listed, strangers[3]],
  },
  dmPolicy: { given: [`${account}.dmPolicy`, "disabled"], key: at("dmPolicy"), value: () => "pairing" },
  groupPolicy: {
    given: [`${account}.groupPolicy`, "disabled"],
    key: at("groupPolicy"),
    value: () => "allowlist",
  },
  reactionsOfOthers: { key: at("reactionNotifications"), value: () => "all" },
  reactions: {
    given: [`${account}.reactionNotifications`, "off"],
    key: at("reactionNotifications"),
    value: () => "own",
  },
  catchup: { key: at("catchup.enabled"), value: () => true },
  perRunLimit: {
    given: [`${account}.catchup.perRunLimit`, 1],
    key: at("catchup.perRunLimit"),
    value: () => 50,
  },
} satisfies Record<string, Change>;

/** Every reason that there is; a new one without a row here does not compile. */
export const refusals: Record<Reason, Refusing> = {
  no_chat: { come: (place) => place.sayNowhere(), when: "first" },
  limit_reached: {
    by: "turnsPerDay",
    come: async (place) => {
      await place.decided(place.say(mia));
      return place.say(mia);
    },
  },
  unsent: {
    when: "first",
    come: async (place) => {
      place.say(ida, "wait 2800");
      await place.lab.until(() => place.lab.envelopes().some(({ text }) => text === "wait 2800"));
      const guid = place.say(ida);
      await place.decided(guid);
      place.sim.unsend(guid);
      return guid;
    },
  },
  stopped: {
    come: (place) => {
      const guid = place.say(mia);
      place.say(mia, "/stop");
      return guid;
    },
  },
  echo: { come: (place) => place.answer(mia) },
  not_understood: {
    come: (place) => {
      place.sim.fault({ kind: "odd-row", times: 1 });
      return place.say(mia);
    },
  },
  own_message: { come: (place) => place.say("me", place.words(), place.lab.mac.chatId(kim)) },
  reinserted: {
    come: async (place) => {
      const guid = place.say(mia);
      await place.decided(guid);
      return place.sim.reinsert(guid).guid;
    },
  },
  empty: { come: (place) => place.sim.rename(mia, place.open, "Climbing!").guid },
  // What a build without a field for cards shows of one.
  unreadable: { come: (place) => place.sim.say({ from: mia, text: "\ufffd" }).guid },
  no_sender: { come: (place) => place.sayAsNobody() },
  repeated_text: {
    come: (place) => {
      const text = place.words();
      place.say(mia, text);
      // Within one millisecond it would be the same message, stored once more.
      return place.sim.say({ from: mia, text, at: Date.now() + 10 }).guid;
    },
  },
  backlog: {
    come: (place) => place.sim.say({ from: mia, text: place.words(), at: Date.now() - 20 * 60_000 }).guid,
    remedy: async (place, guid) => {
      const { code, stderr } = await place.lab.run("retry", guid);
      if (code !== 0) throw new Error(stderr);
      await place.lab.until(
        async () =>
          (await place.lab.look(async (store) => (await store.journal.findByGuid(guid))?.decision?.kind)) ===
          "dispatch",
      );
    },
  },
  opted_out: {
    come: async (place) => {
      await place.decided(place.say(tom, "STOP"));
      return place.say(tom);
    },
    remedy: async (place) => {
      await place.decided(place.say(tom, "START"));
      expectKind(await place.decided(place.say(tom)), "dispatch");
    },
  },
  loop_guard: {
    come: async (place) => {
      // Ten are let through, and each that comes after an answer in other words.
      for (let round = 1; round <= 40; round++) {
        const guid = place.say(lou, `again${"!".repeat(round)}`);
        if ((await place.reasonOf(guid)) === "loop_guard") return guid;
      }
      return place.say(lou, "again?");
    },
  },
  tapback: { come: async (place) => place.sim.tapback(mia, await place.answer(mia), "love").guid },
  edited: {
    come: async (place) => {
      const guid = place.say(mia);
      await place.decided(guid);
      place.sim.edit(guid, place.words());
      // Two looks at a chat are some time apart, and reach back over its newest messages alone.
      await place.lab.until(async () => {
        await place.answer(mia);
        return place.lab.look(async (store) => (await store.journal.findByGuid(`${guid}#1`)) !== undefined);
      });
      return `${guid}#1`;
    },
  },
  taken_back: {
    come: async (place) => {
      const guid = place.say(mia);
      await place.decided(guid);
      place.sim.unsend(guid);
      // Two looks at a chat are some time apart, and reach back over its newest messages alone.
      await place.lab.until(async () => {
        await place.answer(mia);
        return place.lab.look(async (store) => (await store.journal.findByGuid(`${guid}#1`)) !== undefined);
      });
      return `${guid}#1`;
    },
  },
  attachments_only: {
    by: "includeAttachments",
    come: (place) => place.sim.say({ from: mia, attach: [join(place.lab.folder, "tapback.json5")] }).guid,
  },
  group_not_listed: { by: "groups", come: (place) => place.say(mia, place.words("bot"), place.unlisted) },
  group_chat_disabled: {
    by: "groupEnabled",
    come: (place) => place.say(mia, place.words("bot"), place.closed),
  },
  not_mentioned: { by: "requireMention", come: (place) => place.say(mia, place.words(), place.open) },
  hushed: {
    by: "quietMinutes",
    come: async (place) => {
      await place.decided(place.say("me", place.words(), place.lab.mac.chatId(kim)));
      return place.say(kim);
    },
  },
  enrolment_service: {
    by: "ownerServices",
    becomes: "command",
    come: async (place) => {
      const last = () => place.lab.look((store) => store.enrolment.last());
      if (!(await last())) await place.lab.run("pair", "--no-wait");
      const text = (await last())!.phrase;
      return place.sim.say({ from: strangers[0]!, service: "SMS", text }).guid;
    },
  },
  pairing_service: {
    by: "pairingServices",
    becomes: "pairing",
    come: (place) => place.sim.say({ from: strangers[1]!, service: "SMS", text: place.words() }).guid,
  },
  self_chat_not_allowed: { by: "allowFrom", come: (place) => place.sayToSelf() },
  sender_without_pairing: { by: "allowFrom", come: (place) => place.say(shortCode) },
  group_sender_not_allowed: {
    by: "allowFrom",
    come: (place) => place.say(sam, place.words("bot"), place.open),
  },
  pairing_offered: { by: "allowFrom", come: (place) => place.say(strangers[2]!) },
  pairing_pending: {
    by: "allowFrom",
    come: async (place) => {
      await place.decided(place.say(strangers[4]!));
      return place.say(strangers[4]!);
    },
  },
  pairing_full: { by: "allowFrom", come: (place) => place.say(strangers[5]!) },
  dm_not_allowed: { by: "allowFromAlone", come: (place) => place.say(strangers[3]!) },
  dm_disabled: { by: "dmPolicy", come: (place) => place.say(mia) },
  group_disabled: { by: "groupPolicy", come: (place) => place.say(mia, place.words("bot"), place.open) },
  tapback_not_ours: {
    by: "reactionsOfOthers",
    becomes: "context",
    come: async (place) => {
      const guid = place.say(mia);
      await place.decided(guid);
      return place.sim.tapback(mia, guid, "like").guid;
    },
  },
  tapback_off: {
    by: "reactions",
    becomes: "context",
    come: async (place) => place.sim.tapback(mia, await place.answer(mia), "like").guid,
  },
  missed_offline: { by: "catchup", come: (place) => place.sayMeanwhile(mia) },
  waiting_catchup: { by: "perRunLimit", come: (place) => place.sayMeanwhile(mia, 2) },
  restored: { when: "last", come: (place) => place.sayBeforeRestore(mia) },
  poll_vote: { when: "last", come: (place) => place.vote(mia) },
};

function expectKind({ decision }: JournalEntry, kind: string): void {
  if (decision?.kind !== kind) throw new Error(`${kind} was expected, not ${JSON.stringify(decision)}`);
}

import { decide } from "../../../src/access/index.js";
import { importConfig, type KnownChat } from "../../../src/coming-over/index.js";
import { parseConfig, resolveAccounts } from "../../../src/config/index.js";
import { normalizeHandle } from "../../../src/conversation/index.js";
import { rulesFor } from "../../../src/inbound/index.js";
import { directChat, directMessage, groupChat } from "../message.js";
import type { PeerFile } from "./files.js";
import { accountsOf, answerOf, type PeerAnswer, type PeerMessage, type PeerSystem } from "./model.js";

/** One message before and after the import. */
export interface Row {
  account: string;
  sender: string;
  /** As the report names it. */
  place: string;
  before: PeerAnswer;
  after: PeerAnswer;
}

/** A file that came over, asked about everybody. */
export interface Comparison {
  rows: Row[];
  access: { gained: string[]; lost: string[] };
}

const senders = [
  "+15551000001",
  "+15551000002",
  "+5551000002",
  "+15551000003",
  "kim@example.com",
  "sam@example.com",
  "262966",
  "+15559999999",
];
const texts = ["is anybody there", "Molty hello", "🦞 hello", "bot hello"];
const rooms = [0, 7, 8, 99];

/**
 * Imports a file and asks the model of its system and our gateway's own rules about the same messages.
 * @param chats numbers of the groups that a bridge lists
 * @param judge says what the other system did, in the order of the messages; the model when absent
 */
export async function compareWithPeer(
  system: PeerSystem,
  { file, approved }: PeerFile,
  chats: readonly number[],
  judge: (messages: readonly PeerMessage[]) => Promise<PeerAnswer[]> = async (messages) =>
    messages.map((message) => answerOf(system, file, approved, message)),
): Promise<Comparison> {
  const accounts = accountsOf(system, file);
  const known: KnownChat[] = chats.map((id) => ({
    id,
    guid: `iMessage;+;chat${id}`,
    identifier: `chat${id}`,
  }));
  const people = Object.entries(approved).flatMap(([account, handles]) =>
    handles.map((handle) => ({ account, handle })),
  );
  const output = await importConfig({
    dialect: system,
    old: structuredClone(file),
    approved: people,
    chats: known,
    env: {},
  });
  const parsed = await parseConfig(output.text, {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const { config } = parsed.value;
  const ours = new Map(
    resolveAccounts(config)
      .filter(({ enabled }) => enabled)
      .map((account) => [account.id, { account, rules: rulesFor(config, account, {}) }]),
  );
  const rows: Row[] = [];
  const asked: PeerMessage[] = [];
  for (const account of new Set([
    ...accounts,
    ...[...ours.keys()].filter((id) => !accounts.map(idHere).includes(id)),
  ]))
    for (const sender of senders)
      for (const room of rooms)
        for (const text of room === 0 ? texts.slice(0, 1) : texts) {
          const chat =
            room === 0
              ? directChat(sender)
              : { ...groupChat(room), guid: `iMessage;+;chat${room}`, identifier: `chat${room}` };
          const own = ours.get(idHere(account));
          const row = directMessage({
            from: sender,
            chat: room === 0 ? { ...chat, id: 555_000 } : chat,
            text,
          });
          const approvedHere = output.approved.some(
            (one) =>
              one.account === idHere(account) &&
              own !== undefined &&
              normalizeHandle(one.handle, own.account.region) === normalizeHandle(sender, own.account.region),
          );
          const agentId = own?.rules.sessionOf(row, undefined).agentId;
          const decision =
            own && decide(row, own.rules.policy, { agentId: agentId!, approved: approvedHere });
          const after: PeerAnswer =
            decision?.kind === "dispatch"
              ? { agent: agentId! }
              : decision?.kind === "pairing" && decision.offer
                ? "code"
                : "nothing";
          asked.push({
            account,
            sender,
            isGroup: room !== 0,
            chatId: room === 0 ? 555_000 : room,
            chatGuid: chat.guid,
            chatIdentifier: chat.identifier,
            text,
          });
          rows.push({ account, sender, place: placeOf(room), before: "nothing", after });
        }
  const answers = await judge(asked);
  for (const [index, row] of rows.entries()) row.before = answers[index]!;
  return { rows, access: output.access };
}

/** Ours has `-` for whatever is no letter or digit. */
function idHere(account: string): string {
  return account.replace("_", "-");
}

function placeOf(room: number): string {
  return room === 0 ? "in direct chats" : "group";
}

/** @returns the messages that fare otherwise than before, and of which the report says nothing */
export function untold({ rows, access }: Comparison): string[] {
  return rows.flatMap(({ before, after, account, sender, place }) => {
    const says = (lines: readonly string[]) =>
      lines.some(
        (line) =>
          line.startsWith(`${idHere(account)}: `) &&
          line.includes(place) &&
          (line.includes(sender) || line.includes("everyone")),
      );
    const row = `${account}: ${sender} ${place}: ${JSON.stringify(before)}, now ${JSON.stringify(after)}`;
    if (typeof after === "object" && typeof before !== "object")
      return says(access.gained) ? [] : [`opened: ${row}`];
    if (typeof before === "object" && typeof after !== "object")
      return says(access.lost) ? [] : [`lost: ${row}`];
    const isMoved = typeof before === "object" && typeof after === "object" && before.agent !== after.agent;
    return isMoved && !says(access.gained) ? [`moved: ${row}`] : [];
  });
}

/** Counts rows of many files. */
export function tally() {
  const sum = { files: 0, rows: 0, opened: 0, closed: 0, moved: 0 };
  return {
    get rows() {
      return sum.rows;
    },
    add({ rows }: Comparison) {
      sum.files++;
      for (const { before, after } of rows) {
        sum.rows++;
        if (typeof after === "object" && typeof before !== "object") sum.opened++;
        else if (typeof before === "object" && typeof after !== "object") sum.closed++;
        else if (typeof before === "object" && typeof after === "object" && before.agent !== after.agent)
          sum.moved++;
      }
    },
    text() {
      return Object.entries(sum)
        .map(([name, count]) => `${count} ${name}`)
        .join(", ");
    },
  };
}

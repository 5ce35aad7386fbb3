import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { addToken } from "../../../src/api/index.js";
import { openDatabase } from "../../../src/platform/index.js";
import { openExistingStore } from "../../../src/store/index.js";
import { CutReader } from "./cut-reader.js";
import { House } from "./house.js";
import { Random } from "./random.js";
import { isSettled, readState } from "./state.js";
import { until } from "./wait.js";

/** How much is played. */
export interface StreamPlan {
  /** At least so many events. */
  events: number;
  cuts: number;
  kills: number;
  seed: number;
}

/** What it came to. */
export interface StreamCuts {
  /** In the log, by its type. */
  events: number;
  /** Read by all readers together. */
  told: number;
  cuts: number;
  cutWithin: number;
  kills: number;
  problems: string[];
}

/** Let in, and answered; every tenth message is one of theirs. */
const friends = Array.from({ length: 10 }, (_, index) => `+1555010${1000 + index}`);
/** Not let in: what they write is journaled and dropped. */
const strangers = Array.from({ length: 30 }, (_, index) => `+1555010${2000 + index}`);
/** Most messages that wait to be journaled. */
const mostWaiting = 300;

/** What a reader is told of the log. */
type Shows = (event: LogRow) => boolean;

/**
 * Three readers follow the events of one gateway over the API, cut off at random bytes, while people write and the gateway is killed
 * and started again. In the end each has to have been told each event of its reach once, in the order of the log, which is read from
 * the file beside the gateway; and the log has to tell of each row that Messages, the journal and the outbox hold (behaviour 20.1b).
 */
export async function streamCuts({ events, cuts, kills, seed }: StreamPlan): Promise<StreamCuts> {
  const random = new Random(seed);
  const house = new House({ watchPollMs: 200 });
  const readers: { reader: CutReader; shows: Shows; mostCuts: number }[] = [];
  const reading: Promise<void>[] = [];
  let isUp = true;
  try {
    const port = await freePort();
    const gatewayBlock = { api: { enabled: true, port } };
    const imessage = { dmPolicy: "allowlist", allowFrom: friends };
    await house.configure(imessage, { gateway: gatewayBlock, logging: { level: "info" } });
    let gateway = await house.start();
    const all = await tokenOf(house, "all");
    const one = await tokenOf(house, "one", friends.slice(0, 1));
    const follow = (token: string, query: string, part: { cuts: number; tells: number }, shows: Shows) => {
      const mostCuts = Math.ceil(cuts * part.cuts);
      const url = `http://127.0.0.1:${port}/v1/events${query}`;
      const seeded = new Random(random.between(1, 1_000_000_000));
      const reader = new CutReader(seeded, { url, token, mostCuts, tells: events * part.tells });
      readers.push({ reader, shows, mostCuts });
      reading.push(reader.run(() => isUp));
      return reader;
    };
    const chat = `chat:${house.mac.chatId(friends[0]!)}`;
    const types = ["message", "sent"];
    const whole = follow(all, "", { cuts: 0.45, tells: 1 }, () => true);
    follow(all, `?types=${types}`, { cuts: 0.45, tells: 0.5 }, ({ type }) => types.includes(type));
    follow(one, "", { cuts: 0.1, tells: 0.03 }, (event) => event.chat === chat);
    const describe = () =>
      `${whole.told.length} of ${events}, ${JSON.stringify(readState(house.folder))}\n${house.log.slice(-5000)}`;
    await until(() => readers.every(({ reader }) => reader.lastId !== undefined), describe);

    const kill = async () => {
      isUp = false;
      gateway.kill("SIGKILL");
      await gateway.ended;
      gateway = await house.start();
      isUp = true;
    };
    const due = Array.from({ length: kills }, () => random.between(1, Math.floor(events * 0.95)));
    due.sort((a, b) => a - b);
    let killed = 0;
    for (let written = 0; whole.told.length < events; ) {
      for (let n = 0; n < 50 && written - whole.incoming < mostWaiting; n++, written++)
        house.mac.say(random.pick(written % 10 === 0 ? friends : strangers), `q${written} plain`);
      const before = whole.told.length;
      await until(() => whole.told.length > before, describe);
      for (; killed < kills && whole.told.length >= due[killed]!; killed++) await kill();
    }
    await until(() => isSettled(readState(house.folder)), describe, 120_000);
    const log = readLog(house.folder);
    for (const { reader } of readers) reader.allIsWritten();
    const isThrough = ({ reader, shows, mostCuts }: (typeof readers)[number]) =>
      reader.cuts >= mostCuts && reader.told.length >= log.events.filter(shows).length;
    await until(() => readers.every(isThrough), describe).catch(() => {});
    const sum = (of: (reader: CutReader) => number) =>
      readers.reduce((all, { reader }) => all + of(reader), 0);
    return {
      events: log.events.length,
      told: sum(({ told }) => told.length),
      cuts: sum((reader) => reader.cuts),
      cutWithin: sum((reader) => reader.cutWithin),
      kills: killed,
      problems: [
        ...readers.flatMap(({ reader, shows }) => differences(reader, log.events.filter(shows))),
        ...unwritten(log, house.mac.received().length, whole.incoming),
      ],
    };
  } finally {
    for (const { reader } of readers) reader.end();
    await Promise.all(reading);
    await house.close();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function tokenOf(house: House, name: string, chats?: string[]): Promise<string> {
  const store = openExistingStore(join(house.stateDir, "state.db"))!;
  const wish = { name, scopes: ["read", "send", "people", "admin"], chats, account: chats && "default" };
  const { secret } = await addToken(store, { ...wish, perMinute: 1_000_000 }, "US", Date.now());
  await store.close();
  return secret;
}

interface LogRow {
  id: number;
  type: string;
  chat: string;
  subject: string;
}

/** The log, and what it has to tell of, at one moment. */
function readLog(folder: string) {
  const database = openDatabase(join(folder, "state/state.db"), { readOnly: true });
  try {
    database.exec("BEGIN");
    const ids = (sql: string) =>
      database
        .prepare(sql)
        .all()
        .map(({ id }) => String(id));
    return {
      events: database
        .prepare("SELECT id, type, chat, subject FROM event ORDER BY id")
        .all()
        .map(({ id, type, chat, subject }) => ({
          ...{ id: Number(id), type: String(type), chat: String(chat), subject: String(subject) },
        })),
      rows: ids("SELECT id FROM journal"),
      decided: ids("SELECT id FROM journal WHERE decision IS NOT NULL"),
      turns: ids("SELECT id FROM turn WHERE state IN ('done', 'failed', 'cancelled')"),
      sends: ids("SELECT id FROM outbox WHERE state IN ('stored', 'delivered', 'not_sent', 'unknown')"),
    };
  } finally {
    database.close();
  }
}

/** What a reader was told beside what it should have been, up to the end of the log as it was read. */
function differences({ told, oddities }: CutReader, expected: readonly LogRow[]): string[] {
  const last = expected.at(-1)?.id ?? 0;
  const ids = told.map(({ id }) => id);
  const known = new Set(ids);
  const wanted = new Map(expected.map(({ id, type }) => [id, type]));
  const twice = ids.filter((id, index) => index > 0 && id <= ids[index - 1]!);
  return [
    ...oddities,
    ...twice.map((id) => `told again, or too late: ${id}`),
    ...expected.filter(({ id }) => !known.has(id)).map(({ id, type }) => `not told: ${id} ${type}`),
    ...ids.filter((id) => id <= last && !wanted.has(id)).map((id) => `told, and not in its reach: ${id}`),
    ...told
      .filter(({ id, type }) => (wanted.get(id) ?? type) !== type)
      .map(({ id }) => `told as another: ${id}`),
  ];
}

/** What the log does not tell of. @param received rows in Messages that others wrote @param told of them to the reader of everything */
function unwritten(log: ReturnType<typeof readLog>, received: number, told: number): string[] {
  const of = (wanted: string) =>
    log.events.filter(({ type }) => type === wanted).map(({ subject }) => subject);
  const lacks = (type: string, held: string[]) => {
    const subjects = new Set(of(type));
    return held.filter((id) => !subjects.has(id)).map((id) => `no event of the type ${type} for ${id}`);
  };
  const messages = of("message");
  return [
    ...lacks("message", log.rows),
    ...(new Set(messages).size === messages.length ? [] : ["two events of one message"]),
    ...lacks("decision", log.decided),
    ...lacks("turn", log.turns),
    ...lacks("sent", log.sends),
    ...(received === told ? [] : [`${received} messages in Messages, ${told} told`]),
  ];
}

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import JSON5 from "json5";
import { afterEach, expect, it } from "vitest";
import { openDatabase } from "../../src/platform/index.js";
import { casesOf } from "../support/cases.js";
import { GatewayLab } from "../support/gateway-lab.js";
import { answerOf, type PeerSystem } from "../support/peer/model.js";

const root = join(import.meta.dirname, "../..");
const mia = "+15550100123";
const ben = "+15550100124";
const kim = "kim@example.com";
const stranger = "+15550100999";

/** Who writes where: 0 in their own chat, else in the first, second or third group. */
const messages: [from: string, room: number, text: string][] = [
  [mia, 0, "1 good morning"],
  [ben, 0, "2 good morning"],
  [kim, 0, "3 good morning"],
  [stranger, 0, "4 good morning"],
  [mia, 0, "5 Molty are you there"],
  [mia, 1, "6 who brings the tent"],
  [mia, 1, "7 Molty who brings the tent"],
  [ben, 1, "8 I do"],
  [ben, 1, "9 molty remind me"],
  [stranger, 1, "10 Molty hello"],
  [mia, 2, "11 dinner at eight"],
  [mia, 2, "12 Molty dinner at nine"],
  [kim, 2, "13 Molty what do we need"],
  [stranger, 2, "14 hello all"],
  [ben, 2, "15 bread"],
  [mia, 3, "16 the server is down"],
  [mia, 3, "17 Molty the server is down"],
  [ben, 3, "18 @molty restart it"],
  [kim, 3, "19 thanks"],
  [stranger, 3, "20 Molty who are you"],
];

const labs: GatewayLab[] = [];
afterEach(() => Promise.all(labs.splice(0).map((lab) => lab.close())));

interface Setup {
  file: string;
  system: PeerSystem;
  approved?: string[];
}

/** Imports a setup as its owner would, and gives its agents a part to play. @returns what the import told */
async function comeOver(
  lab: GatewayLab,
  { file, system, approved = [] }: Setup,
  tokens: Record<string, string>,
) {
  const folder = join(lab.folder, system === "bluebubbles" ? ".openclaw" : `.${system}`);
  mkdirSync(join(folder, "credentials"), { recursive: true });
  const source = readFileSync(join(root, "test/fixtures/other-setups", file), "utf8");
  const filled = Object.entries(tokens).reduce(
    (text, [token, value]) => text.replaceAll(`@${token}@`, value),
    source,
  );
  const path = join(folder, system === "bluebubbles" ? "openclaw.json" : `${system}.json`);
  writeFileSync(path, filled);
  if (approved.length > 0)
    writeFileSync(
      join(folder, "credentials/imessage-allowFrom.json"),
      JSON.stringify({ version: 1, allowFrom: approved }),
    );
  const ran = await lab.run("import", system, "--json");
  expect([ran.code, ran.stderr]).toEqual([0, ""]);
  const ours = join(lab.folder, "tapback.json5");
  const config = JSON5.parse(readFileSync(ours, "utf8"));
  const runtime = {
    type: "command",
    command: process.execPath,
    args: [join(root, "test/fixtures/envelope-agent.mjs")],
    env: { RECORD_FILE: join(lab.folder, "envelopes.jsonl") },
  };
  const list = config.agents?.list ?? [{ id: "main" }];
  const played = list.map(({ model: _, ...agent }: Record<string, unknown>) => ({ ...agent, runtime }));
  writeFileSync(
    ours,
    JSON.stringify({
      ...config,
      agents: { list: played },
      models: undefined,
      bindings: plain(config.bindings),
    }),
  );
  return { told: JSON.parse(ran.stdout), old: JSON5.parse(filled) };
}

/** The played agents are no ACP agents. */
function plain(bindings: Record<string, unknown>[] | undefined) {
  return bindings?.map(({ type: _, acp: __, ...binding }) => binding);
}

/** Plays the twenty messages. @returns which were answered, by which agent, and what the other system did with each */
async function play(setup: Setup) {
  const lab = new GatewayLab();
  labs.push(lab);
  const groups = ["Climbing", "Family", "Work"].map((name) => lab.mac.group([mia, ben, kim, stranger], name));
  const database = openDatabase(lab.mac.dbPath, { readOnly: true });
  const guids = groups.map((id) =>
    String(database.prepare("SELECT guid FROM chat WHERE ROWID = ?").get(id)!.guid),
  );
  database.close();
  const tokens = Object.fromEntries(
    groups.flatMap((id, index) => [
      [`GROUP${index + 1}`, String(id)],
      [`GUID${index + 1}`, guids[index]!],
    ]),
  );
  const paths = { IMSG: join(lab.folder, "imsg"), DB: lab.mac.dbPath };
  // A chat without a message is in no list, and GUIDs are found among those listed.
  if (setup.system === "bluebubbles") for (const id of groups) lab.mac.sayIn(id, mia, "some time ago");
  const { told, old } = await comeOver(lab, setup, { ...tokens, ...paths });
  await lab.startHere();
  for (const [from, room, text] of messages)
    room === 0 ? lab.mac.say(from, text) : lab.mac.sayIn(groups[room - 1]!, from, text);
  // What waits in a busy chat may be answered with what came before.
  const answered = () =>
    new Map(
      lab
        .envelopes()
        .flatMap(({ text, agentId }) =>
          [...text.matchAll(/(?:^|\n)(?:.*: )?(\d+) /g)].map(
            ([, number]) => [Number(number), agentId] as const,
          ),
        ),
    );
  await lab.until(async () => {
    const inbox = await lab.look((store) => store.journal.list({ limit: 99, own: false }));
    const dispatched = inbox.filter(({ decision }) => decision?.kind === "dispatch").length;
    const isDecided = inbox.length === messages.length && inbox.every(({ state }) => state === "done");
    return isDecided && answered().size >= dispatched;
  }, 90_000);
  const before = new Map<number, string>();
  for (const [index, [from, room, text]] of messages.entries()) {
    const id = room === 0 ? 900 : groups[room - 1]!;
    const answer = answerOf(
      setup.system,
      old,
      { default: setup.approved ?? [] },
      {
        account: "default",
        sender: from,
        isGroup: room !== 0,
        chatId: id,
        chatGuid: room === 0 ? `iMessage;-;${from}` : guids[room - 1]!,
        chatIdentifier: room === 0 ? from : guids[room - 1]!.split(";")[2]!,
        text,
      },
    );
    if (typeof answer === "object") before.set(index + 1, answer.agent);
  }
  return { answered: [...answered()].sort(([a], [b]) => a - b), before: [...before], access: told.access };
}

const setups: (Setup & { numbers: number[] })[] = [
  { file: "openclaw-team.json5", system: "openclaw", numbers: [1, 2, 3, 5, 7, 12, 13, 17, 18, 20] },
  { file: "bluebubbles-home.json5", system: "bluebubbles", numbers: [1, 2, 3, 4, 5, 7, 11, 12, 13] },
  {
    file: "openclaw-family.json5",
    system: "openclaw",
    approved: [ben],
    numbers: [1, 2, 5, 7, 9, 11, 12, 13, 15],
  },
  { file: "remoteclaw-office.json5", system: "remoteclaw", numbers: [1, 3, 5, 6, 7, 12, 13, 17] },
  {
    file: "clawdbot-early.json5",
    system: "clawdbot",
    numbers: [1, 2, 5, 7, 9, 10, 11, 12, 13, 14, 15, 17, 18, 20],
  },
];

const tried = casesOf(setups, 1);

it("answers the same twenty messages of each setup as before", async () => {
  const played = await Promise.all(tried.map((setup) => play(setup)));
  for (const [index, { answered, before, access }] of played.entries()) {
    const { file, numbers } = tried[index]!;
    expect([file, before.map(([number]) => number)]).toEqual([file, numbers]);
    expect([file, answered]).toEqual([file, before]);
    expect([file, access.lost]).toEqual([file, []]);
  }
  expect(played.flatMap(({ access }) => access.gained)).toEqual([
    expect.stringContaining("tools.deny limits nothing here"),
  ]);
});

it("does not answer again at its first start what the other system had handled", {
  tags: ["long"],
}, async () => {
  const lab = new GatewayLab();
  labs.push(lab);
  lab.mac.say(mia, "handled before");
  const database = openDatabase(lab.mac.dbPath, { readOnly: true });
  const row = database.prepare("SELECT MAX(ROWID) AS id FROM message").get()!;
  database.close();
  const cursor = {
    lastSeenMs: Math.floor(Date.now() / 1000) * 1000,
    lastSeenRowid: Number(row.id),
    updatedAt: Date.now(),
  };
  const folder = join(lab.folder, ".openclaw/imessage/catchup");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "default__0123456789ab.json"), JSON.stringify(cursor));
  lab.mac.say(mia, "came while nothing ran");
  const paths = { IMSG: join(lab.folder, "imsg"), DB: lab.mac.dbPath, GROUP1: "901", GROUP2: "902" };
  await comeOver(lab, { file: "openclaw-family.json5", system: "openclaw" }, paths);
  await lab.startHere();
  await lab.until(() => lab.got(mia).length > 0);
  await lab.until(() => lab.log.includes("imessage catchup: replayed=1"));
  expect(lab.envelopes().map(({ text }) => text)).toEqual(["came while nothing ran"]);
});

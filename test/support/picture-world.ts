import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { localDay, openDatabase } from "../../src/platform/index.js";
import { acpAgent } from "./acp-agent.js";
import type { GatewayLab } from "./gateway-lab.js";

export const mia = "+15550100123";
const sam = "+15550100321";
const ada = "ada@example.com";
const eve = "+15550100555";

const answer = "We open at nine. Shall I keep a table for you?";
const model = "example/large";
const dayMs = 86_400_000;

/** What the pictures of the manual show: a few people, a group, a stranger, a draft, a question, a month of use. */
export const pictureSettings = {
  imessage: {
    dmPolicy: "pairing",
    allowFrom: [mia, sam, ada],
    dms: { [sam]: { review: "on" } },
    groupPolicy: "open",
  },
  rest: {
    commands: { ownerAllowFrom: [ada] },
    agents: {
      list: [
        { id: "main", name: "Helper", runtime: { type: "demo" } },
        { id: "shop", name: "Shop", runtime: { type: "command", command: "/bin/echo", args: [answer] } },
        {
          id: "coder",
          name: "Coder",
          runtime: { type: "acp", acp: { command: process.execPath, args: [acpAgent] } },
        },
      ],
    },
    bindings: [
      { agentId: "coder", match: { peer: { kind: "direct", id: ada } } },
      { agentId: "shop", match: { peer: { kind: "direct", id: sam } } },
    ],
    messages: { groupChat: { mentionPatterns: ["helper"] } },
    session: { dmScope: "per-peer" },
    accessGroups: { family: { members: [mia, sam], turnsPerDay: 40 } },
    models: {
      providers: {
        example: {
          baseUrl: "http://127.0.0.1:9/v1",
          prices: { large: { inputPerMTok: 3, outputPerMTok: 15, currency: "USD" } },
        },
      },
    },
  },
};

/** Lets it all happen. */
export async function playPictures(lab: GatewayLab): Promise<void> {
  const says = async (from: string, name: string, text: string, answers: number) => {
    await lab.sim("say", "--from", from, "--name", name, "--text", text);
    await lab.until(() => lab.got(from).length >= answers);
  };
  await says(mia, "Mia Wong", "hello", 1);
  await says(mia, "Mia Wong", "react with a heart", 1);
  await says(mia, "Mia Wong", "send it with confetti", 2);
  const group = ["group", "create", "--name", "Climbing", "--members", `${mia},${sam}`, "--json"];
  const { chat_id: climbing } = JSON.parse(await lab.sim(...group)) as { chat_id: number };
  const poll = ["poll", "send", "--from", mia, "--chat-id", String(climbing)];
  const options = ["--option", "Boulders", "--option", "The wall"];
  const asked = JSON.parse(await lab.sim(...poll, "--question", "Saturday?", ...options, "--json"));
  await lab.sim("poll", "vote", "--from", sam, "--poll", asked.guid, "--option", "The wall");
  await lab.sim("say", "--from", sam, "--chat", String(climbing), "--text", "The wall, if it rains");
  await lab.sim("say", "--from", eve, "--name", "Eve Stone", "--text", "Hi, I am Eve. May I ask something?");
  await lab.sim("say", "--from", sam, "--name", "Sam Reyes", "--text", "When does the shop open?");
  const toolCall = { toolCallId: "1", kind: "execute", title: "Run the tests of the shop" };
  const wish = { toolCall: { ...toolCall, rawInput: { command: "npm test -- shop" } } };
  await lab.sim("say", "--from", ada, "--name", "Ada Berg", "--text", `permission ${JSON.stringify(wish)}`);
  await lab.until(() => lab.got(eve).length > 0);
  await lab.until(
    async () =>
      (await lab.look((store) => store.drafts.list({ states: ["held"], limit: 1 }))).length === 1 &&
      (await lab.look((store) => store.questions.waiting())).length > 0,
  );
  await lab.look(async (store) => {
    const dueAt = Date.now() + 3 * 3_600_000;
    await store.schedule.add({
      ...{ id: "k7ab", account: "default", sessionKey: "s", dueAt, createdAt: Date.now() },
      item: {
        target: { kind: "handle", handle: mia, service: "auto" },
        ...{ chatKey: `handle:${mia}`, origin: "schedule", text: "Water the plants, Mia!" },
      },
    });
  });
}

/** Writes the configuration as a person would: what it says stays the same. */
export function writeNicely(lab: GatewayLab): void {
  const file = join(lab.folder, "tapback.json5");
  const lines = JSON.stringify(JSON.parse(readFileSync(file, "utf8")), null, 2).replace(
    /"([a-zA-Z]\w*)":/g,
    "$1:",
  );
  const commented = lines
    .replace("{\n", "{\n  // Who may talk, and how strangers ask.\n")
    .replace("      dms:", "      // What Sam is answered waits for a yes.\n      dms:");
  writeFileSync(file, `${commented}\n`);
}

/** Turns of the days before, each like the first one, as many as on other lines of work: always the same. */
export function fillDays(lab: GatewayLab): void {
  const database = openDatabase(join(lab.folder, "state/state.db"));
  const columns = database
    .prepare("PRAGMA table_info(turn)")
    .all()
    .map(({ name }) => String(name))
    .filter((name) => name !== "seq");
  const first = "SELECT * FROM turn WHERE state = 'done' AND day IS NOT NULL ORDER BY seq LIMIT 1";
  const own: Record<string, string> = {
    ...{ id: "?1", day: "?2", queued_at: "?3", started_at: "?3 + 300", ended_at: "?3 + ?4", usage: "?5" },
  };
  const values = columns.map((name) => own[name] ?? name).join(", ");
  const insert = database.prepare(
    `INSERT INTO turn (${columns.join(", ")}) SELECT ${values} FROM (${first})`,
  );
  for (let ago = 29; ago > 0; ago--) {
    const at = Date.now() - ago * dayMs;
    const turns = 6 + ((ago * 7) % 11) + (ago % 7 < 2 ? -4 : 5);
    for (let turn = 0; turn < turns; turn++) {
      const took = 900 + ((ago * 331 + turn * 577) % 4000) + (turn % 9 === 0 ? 6000 : 0);
      const tokens = 1500 + ((ago * 97 + turn * 613) % 2500);
      const usage = [
        { model, inputTokens: tokens, outputTokens: Math.round(tokens / 6), cachedInputTokens: 0 },
      ];
      insert.run(`old-${ago}-${turn}`, localDay(at), at, took, JSON.stringify(usage));
    }
  }
  database.close();
}

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import type { Target } from "../../src/conversation/index.js";
import { chatKeyOf } from "../../src/conversation/index.js";
import type { Origin } from "../../src/store/index.js";
import { GatewayLab } from "../support/gateway-lab.js";

const tom = "+15550100123";
const ida = "+15550100124";
const owner = "+15550100009";
const agent = join(import.meta.dirname, "../fixtures/stopped-agent.mjs");

let lab: GatewayLab;
afterEach(() => lab.close());

/** Puts a message of an agent's kind into the outbox. @returns what becomes of it */
async function outcomeOf(target: Target, origin: Origin): Promise<string> {
  const chatKey = chatKeyOf(target);
  const item = { target, chatKey, origin, text: `by ${origin}` };
  const id = await lab.look((store) => store.outbox.add("default", item, Date.now()));
  const sent = () => lab.look(async (store) => (await store.outbox.get(id))!);
  await lab.until(async () => !["pending", "sending"].includes((await sent()).state));
  const { state, error } = await sent();
  return error ? `${state} ${error.code}` : "sent";
}

it("sends nothing more where an admission has ended, and tells the owner", { timeout: 120_000 }, async () => {
  lab = new GatewayLab();
  const group = lab.mac.group([tom, ida], "Climbing");
  const [go, results] = [join(lab.folder, "go"), join(lab.folder, "results")];
  const runtime = {
    type: "command",
    command: process.execPath,
    args: [agent],
    output: "jsonl",
    env: { GO_FILE: go, RESULT_FILE: results },
  };
  const configure = (imessage: Record<string, unknown>) =>
    lab.configure(
      { streaming: "block", ...imessage },
      {
        agents: { list: [{ id: "main", workspace: join(lab.folder, "work"), runtime }] },
        commands: { ownerAllowFrom: [owner] },
      },
    );
  const reconfigure = async (imessage: Record<string, unknown>) => {
    const before = lab.log.split("configuration changed").length;
    configure(imessage);
    await lab.until(() => lab.log.split("configuration changed").length > before);
  };
  const groups = { "*": { requireMention: false } };
  configure({ allowFrom: [tom, owner], groups });
  await lab.startHere();
  lab.mac.say(tom, "work");
  await lab.until(() => lab.got(tom).length === 1);
  const toms: Target = { kind: "chat_id", chatId: lab.mac.chatId(tom) };
  const inGroup: Target = { kind: "chat_id", chatId: group };

  // Taken out of the list while the turn runs.
  await reconfigure({ allowFrom: [owner, "+15550100777"], groups });
  const at = Date.now();
  await lab.look((store) =>
    store.schedule.add({
      id: "s1",
      account: "default",
      sessionKey: "agent:main:main",
      item: { target: toms, chatKey: chatKeyOf(toms), origin: "schedule", text: "by schedule" },
      dueAt: at,
      createdAt: at,
    }),
  );
  writeFileSync(go, "");
  await lab.until(() => lab.look(async (store) => (await store.schedule.list()).length === 0));
  await lab.until(() =>
    lab.look(async (store) => {
      const { pending, sending } = await store.outbox.counts("default");
      return (await store.turns.counts()).running === 0 && pending + sending === 0;
    }),
  );
  const codes = readFileSync(results, "utf8").trim().split("\n");
  expect(codes.map((line) => JSON.parse(line).code)).toEqual(Array(3).fill("RECIPIENT_REFUSED"));
  expect(lab.got(tom)).toEqual(["working on it"]);
  await lab.until(() => lab.got(owner).some((text) => text.includes("was refused")));

  // Let in by a code, then sent away.
  lab.mac.say(ida, "hello?");
  await lab.until(() => lab.got(ida).length === 1);
  const { code } = await lab.look(async (store) => (await store.pairing.pending(Date.now()))[0]!);
  expect((await lab.run("pairing", "approve", code, "--no-owner")).code).toBe(0);
  const idas: Target = { kind: "chat_id", chatId: lab.mac.chatId(ida) };
  expect(await outcomeOf(idas, "turn")).toBe("sent");
  expect((await lab.run("pairing", "revoke", ida)).code).toBe(0);
  for (const origin of ["turn", "schedule", "command", "approval"] as const)
    expect(await outcomeOf(idas, origin)).toBe("not_sent RECIPIENT_REFUSED");

  // A group, then no groups.
  await reconfigure({ allowFrom: [tom, owner], groups });
  lab.mac.sayIn(group, tom, "who is in?");
  await lab.until(() =>
    lab.look(async (store) => (await store.journal.lastWritten("default", { chatId: group })) !== undefined),
  );
  expect(await outcomeOf(inGroup, "schedule")).toBe("sent");
  expect(await outcomeOf(toms, "schedule")).toBe("sent");
  for (const ended of [
    { allowFrom: [tom, owner], groups, groupPolicy: "disabled" },
    { allowFrom: [tom, owner], groups: { [group + 1]: {} } },
  ]) {
    await reconfigure(ended);
    expect(await outcomeOf(inGroup, "schedule")).toBe("not_sent RECIPIENT_REFUSED");
    expect(await outcomeOf(toms, "schedule")).toBe("sent");
  }
  await reconfigure({ allowFrom: [tom, owner], dmPolicy: "disabled" });
  expect(await outcomeOf(toms, "schedule")).toBe("not_sent RECIPIENT_REFUSED");
  const byHand = await lab.run(
    "message",
    "send",
    "--target",
    `chat_id:${lab.mac.chatId(tom)}`,
    "--message",
    "by hand",
  );
  expect(byHand.code).toBe(0);
});

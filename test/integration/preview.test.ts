import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openSimulator } from "../../src/simulator.js";
import { GatewayLab } from "../support/gateway-lab.js";

let lab: GatewayLab;
afterEach(async () => {
  await lab.close();
});

interface Person {
  sender: string;
  chatId: number;
  messages: number;
  answered: number;
  commands: number;
  codes: number;
  context: number;
  dropped: number;
  reasons: { reason: string; count: number }[];
}

const groups = { "*": { requireMention: true } };

/** Messages that are judged. */
const many = process.env.TAPBACK_ALL_CASES ? 20_000 : 500;

describe("preview", { timeout: 120_000 }, () => {
  it("judges many messages, sends nothing, and needs no state", async () => {
    lab = new GatewayLab();
    await lab.sim("seed", "--people", "20", "--messages", String(many), "--days", "29");
    lab.configure({ allowFrom: ["+15550101000"], groupPolicy: "open", groups });
    const before = lab.mac.sent().length;
    const started = performance.now();
    const { code, stdout } = await lab.run("preview", "--json");
    process.stderr.write(`preview took ${Math.round(performance.now() - started)} ms\n`);
    expect(code).toBe(0);
    const { total, people } = JSON.parse(stdout) as { total: Record<string, number>; people: Person[] };
    const { messages, answered, commands, codes, context, dropped } = total;
    expect(messages).toBeGreaterThan(0.65 * many);
    expect(messages).toBe(answered! + commands! + codes! + context! + dropped!);
    expect(people.reduce((sum, person) => sum + person.messages, 0)).toBe(messages);
    expect(lab.mac.sent()).toHaveLength(before);
    const text = (await lab.run("preview", "--days", "2")).stdout;
    expect(text).toContain("What would change it");
    expect(text).toMatch(/Nothing was sent\.$/m);
    expect((await lab.run("preview", "--days", "none")).code).toBe(2);
  });

  it("agrees with what the live gateway did", { tags: ["long"] }, async () => {
    lab = new GatewayLab();
    lab.configure(
      { allowFrom: ["+15550101000"], groupPolicy: "open", groups },
      {
        messages: { groupChat: { mentionPatterns: ["bot"] } },
      },
    );
    await lab.startHere();
    const people = Array.from({ length: 6 }, (_, i) => `+1555010100${i}`);
    const sim = openSimulator(lab.folder);
    const { id: chat } = sim.group(people.slice(0, 3), { name: "Climbing" });
    const outcomes: Record<string, keyof Person> = {
      dispatch: "answered",
      command: "commands",
      context: "context",
      drop: "dropped",
    };
    let said = 0;
    const decided = () =>
      lab.until(() =>
        lab.look(async (store) => {
          const entries = await store.journal.list({ limit: 500 });
          return entries.length === said && entries.every(({ state }) => state === "done");
        }),
      );
    for (const text of ["hello", "/help", "STOP", "hello again", "START", "hi"])
      for (const handle of people) {
        lab.mac.say(handle, text);
        said++;
      }
    // Chats do not wait for each other: what START lets in elsewhere is written after it was heard.
    await decided();
    for (const text of ["who climbs?", "bot, when?"]) {
      sim.say({ from: people[1]!, chat, text });
      said++;
    }
    // No pairing code for a short code, and no answer to files alone.
    for (const saying of [
      { from: "262966", text: "Your parcel" },
      { from: people[0]!, attach: [join(lab.folder, "tapback.json5")] },
      { from: people[0]!, text: "late", at: Date.now() - 60_000 },
    ]) {
      sim.say(saying);
      said++;
    }
    await decided();
    sim.close();
    await lab.stop();
    const live = await lab.look((store) => store.journal.list({ limit: 500 }));
    const { people: previewed } = JSON.parse((await lab.run("preview", "--json")).stdout) as {
      people: Person[];
    };
    const reasons = new Map<string, number>();
    for (const { row, decision } of live)
      if (decision && "reason" in decision) {
        const key = `${row.chat.id} ${row.sender} ${decision.reason}`;
        reasons.set(key, (reasons.get(key) ?? 0) + 1);
      }
    const seen = previewed.flatMap(({ chatId, sender, reasons: list }) =>
      list.map(({ reason, count }) => [`${chatId} ${sender} ${reason}`, count] as const),
    );
    expect(new Map(seen)).toEqual(reasons);
    const done = new Map<string, number>();
    for (const { row, decision } of live) {
      const isCode = decision!.kind === "pairing" && decision!.offer;
      const outcome = isCode ? "codes" : (outcomes[decision!.kind] ?? "dropped");
      const key = `${row.chat.id} ${row.sender} ${outcome}`;
      done.set(key, (done.get(key) ?? 0) + 1);
    }
    const foretold = previewed.flatMap((person) =>
      (["answered", "commands", "codes", "context", "dropped"] as const)
        .filter((outcome) => person[outcome] > 0)
        .map((outcome) => [`${person.chatId} ${person.sender} ${outcome}`, person[outcome]] as const),
    );
    expect(new Map(foretold)).toEqual(done);
  });
});

import { afterEach, describe, expect, it } from "vitest";
import { GatewayLab } from "../support/gateway-lab.js";

const mia = "+15550100123";
const sam = "sam@example.com";

let lab: GatewayLab;
afterEach(async () => {
  await lab.close();
});

describe("conversations", { timeout: 90_000 }, () => {
  it("gives two people of the shared session their own answers", async () => {
    lab = new GatewayLab();
    lab.configure({ allowFrom: [mia, sam] });
    await lab.start();
    for (let round = 0; round < 3; round++) {
      lab.mac.say(mia, `mia ${round}`);
      lab.mac.say(sam, `sam ${round}`);
    }
    await lab.until(() => lab.mac.sent().length === 6);
    expect(lab.got(mia)).toEqual(["re: mia 0", "re: mia 1", "re: mia 2"]);
    expect(lab.got(sam)).toEqual(["re: sam 0", "re: sam 1", "re: sam 2"]);
    expect(new Set(lab.envelopes().map(({ sessionKey }) => sessionKey))).toEqual(
      new Set(["agent:main:main"]),
    );
  });

  it("never shows in one person's envelope what another one told, history included", async () => {
    lab = new GatewayLab();
    const before = ["mia's early secret", "mia's early word"];
    for (const text of before) lab.mac.say(mia, text);
    lab.mac.say(sam, "sam's early secret");
    lab.configure(
      { allowFrom: [mia, sam], dmHistoryLimit: 9, dms: { "+1 (555) 010-0123": { historyLimit: 1 } } },
      { session: { dmScope: "per-peer" } },
    );
    await lab.start();
    lab.mac.say(mia, "mia's late secret");
    await lab.until(() => lab.got(mia).length === 1);
    lab.mac.say(sam, "hello from sam");
    lab.mac.say(sam, "again from sam");
    await lab.until(() => lab.got(sam).length === 2);
    const [first, ...others] = lab.envelopes();
    expect(first!.context.map(({ text }) => text)).toEqual(["mia's early word"]);
    expect(others.map(({ context }) => context.map(({ text }) => text))).toEqual([
      ["sam's early secret"],
      [],
    ]);
    expect(JSON.stringify(others)).not.toContain("mia");
    expect(JSON.stringify(first)).not.toContain("sam");
  });
});

describe("queue modes", { timeout: 90_000 }, () => {
  it("collects what waits of one chat into one turn", async () => {
    lab = new GatewayLab();
    lab.configure({ allowFrom: [mia, sam] }, { messages: { queue: { mode: "collect" } } });
    await lab.start();
    lab.mac.say(mia, "wait 4000");
    await lab.until(() => lab.envelopes().length === 1);
    for (const text of ["two", "three"]) lab.mac.say(mia, text);
    lab.mac.say(sam, "from sam");
    lab.mac.say(mia, "four");
    const words = () => lab.got(mia).slice(1).join("\n").replaceAll("re: ", "");
    await lab.until(() => words() === "two\nthree\nfour" && lab.got(sam).length === 1);
    // Where Sam's turn comes among those of Mia is nobody's promise: chats wait for themselves only.
    expect(lab.got(mia).length).toBeLessThan(4);
    expect(lab.got(sam)).toEqual(["re: from sam"]);
    const collected = lab.envelopes().filter((envelope) => envelope.coalescedMessageGuids.length > 1);
    expect(collected.length).toBeGreaterThan(0);
  });

  it("ends the running turn of the same chat alone when it is interrupted", async () => {
    lab = new GatewayLab();
    lab.configure(
      { allowFrom: [mia, sam] },
      { session: { dmScope: "per-peer" }, messages: { queue: { mode: "interrupt" } } },
    );
    await lab.start();
    lab.mac.say(mia, "wait 60000");
    lab.mac.say(sam, "wait 3000");
    await lab.until(() => lab.envelopes().length === 2);
    lab.mac.say(mia, "never mind");
    await lab.until(() => lab.mac.sent().length === 2);
    expect(lab.got(mia)).toEqual(["re: never mind"]);
    expect(lab.got(sam)).toEqual(["re: wait 3000"]);
    expect((await lab.run("explain", "1", "--json")).stdout).toContain('"state":"cancelled"');
  });
});

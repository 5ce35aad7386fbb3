import { afterEach, describe, expect, it } from "vitest";
import { GatewayLab } from "../support/gateway-lab.js";

const owner = "+15550100999";
const mia = "+15550100123";

let lab: GatewayLab;
afterEach(async () => {
  await lab.close();
});

const owned = (rest: Record<string, unknown> = {}) => ({ commands: { ownerAllowFrom: [owner] }, ...rest });

describe("notices to the owner", { timeout: 90_000 }, () => {
  it("tells the owner, explain and the log what the program said and what to do, and a new cause at once", async () => {
    lab = new GatewayLab();
    lab.configure({ allowFrom: [mia, owner] }, owned());
    await lab.start();
    lab.mac.say(mia, "fail now");
    await lab.until(() => lab.got(owner).length === 1);
    const note = lab.got(owner)[0]!;
    expect(note).toContain("It said: secret cause of the failure");
    expect(note).toContain("run it by hand with an envelope on stdin");
    expect(note).toContain("tapback explain 1");
    const explained = (await lab.run("explain", "1")).stdout;
    expect(explained).toContain("  | secret cause of the failure");
    expect(explained).toContain("run it by hand with an envelope on stdin");
    const { turn } = JSON.parse((await lab.run("explain", "1", "--json")).stdout);
    expect(turn.error).toMatchObject({ code: "AGENT_EXIT", cause: "secret cause of the failure" });
    const logged = /turn failed: .*code=AGENT_EXIT cause="secret cause of the failure" hint="Its stderr/;
    await lab.until(() => logged.test(lab.log));
    lab.mac.say(mia, "much now");
    await lab.until(() => lab.got(owner).length === 2);
    expect(lab.got(owner)[1]).toContain("(AGENT_OUTPUT)");
    const { stages } = JSON.parse((await lab.run("channels", "status", "--json")).stdout).accounts[0];
    expect(stages.find(({ name }: { name: string }) => name === "agent").remedy).toContain("The format");
    // An owner whose own turn failed reads the cause in the answer, and in no second message.
    lab.mac.say(owner, "fail here");
    await lab.until(() => lab.got(owner).length === 3);
    lab.mac.say(owner, "hello");
    await lab.until(() => lab.got(owner).length === 4);
    expect(lab.got(owner)[2]).toMatch(/^You got no answer from .*exit code 1/);
    expect(lab.got(owner)[3]).not.toContain("no answer");
  });

  it("shows no key that a program repeats: not the gateway's, nor one of the configuration", {
    tags: ["long"],
  }, async () => {
    lab = new GatewayLab();
    lab.configure(
      { allowFrom: [mia, owner] },
      owned({
        models: { providers: { local: { baseUrl: "http://127.0.0.1:1", apiKey: "of-the-configuration" } } },
      }),
    );
    await lab.start({ SERVICE_TOKEN: "of-the-gateway", PLAIN_WORDS: "key is of-the-configuration" });
    for (const [index, name] of ["SERVICE_TOKEN", "PLAIN_WORDS"].entries()) {
      lab.mac.say(mia, `leak ${name}`);
      await lab.until(() => lab.got(mia).length === index + 1);
    }
    await lab.until(() => lab.got(owner).length > 0);
    const shown = [
      lab.log,
      ...lab.got(owner),
      (await lab.run("explain", "1")).stdout,
      (await lab.run("explain", "2")).stdout,
    ];
    for (const text of shown) expect(text).not.toMatch(/of-the-gateway|of-the-configuration/);
    expect(lab.got(owner)[0]).toContain("401 for …, Authorization=…");
  });

  it("stops a runaway agent at its budget, over a restart too, and tells of it once", {
    tags: ["long"],
  }, async () => {
    lab = new GatewayLab();
    lab.configure(
      { allowFrom: [mia, owner], textChunkLimit: 10, maxBubbles: 20, outbound: { perChatPerMinute: 3 } },
      owned(),
    );
    await lab.startHere();
    lab.mac.say(mia, "flood 1000");
    await lab.until(() => lab.got(owner).length === 1);
    expect(lab.got(mia)).toEqual(["line 0000", "line 0001", "line 0002"]);
    await lab.stop();
    await lab.startHere();
    lab.mac.say(owner, "hey?");
    await lab.until(() => lab.got(owner).length === 2);
    expect(lab.got(mia)).toHaveLength(3);
    expect(lab.got(owner)[0]).toContain("outbound.perChatPerMinute");
    const pending = await lab.look(async (store) => (await store.outbox.counts("default")).pending);
    // One answer is bounded by maxBubbles: 19 lines, and a file with the rest (behaviour 8.1).
    expect(pending).toBe(17);
    // The agent is told with its next turn, a person at once.
    lab.mac.say(mia, "are you there?");
    await lab.until(() => lab.envelopes().length === 3);
    const held = /held back: 3 messages went to this chat within a minute \(outbound\.perChatPerMinute\)/;
    expect(lab.envelopes()[1]!.notes).toEqual([]);
    expect(lab.envelopes()[2]!.notes).toEqual([
      expect.stringMatching(/^17 earlier messages to this chat/),
      "Your last answer here was longer than the 20 messages that one answer may have (maxBubbles): its rest was put into a file, answer.txt.",
    ]);
    expect(lab.envelopes()[2]!.notes[0]).toMatch(held);
    const { code, stdout } = await lab.run(
      "message",
      "send",
      "--target",
      mia,
      "--message",
      "by hand",
      "--json",
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ queued: true, held: expect.stringMatching(held) });
  });
});

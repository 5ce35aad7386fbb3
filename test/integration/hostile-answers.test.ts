import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { GatewayLab } from "../support/gateway-lab.js";

const owner = "+15550100999";
const mia = "+15550100123";

let lab: GatewayLab;

beforeEach(() => {
  lab = new GatewayLab({}, "dist-test");
  const runtime = {
    type: "command",
    command: process.execPath,
    args: [join(import.meta.dirname, "../fixtures/hostile-agent.mjs")],
  };
  lab.configure(
    {
      allowFrom: [mia, owner],
      maxBubbles: 20,
      outbound: { perChatPerMinute: 1000, perAccountPerHour: 1000 },
    },
    {
      agents: { list: [{ id: "main", workspace: join(lab.folder, "work"), runtime }] },
      commands: { ownerAllowFrom: [owner] },
      session: { dmScope: "per-channel-peer" },
      messages: { failureReply: "That did not work." },
    },
  );
});

afterEach(() => lab.close());

it("answers others while an agent answers with what would stop a parser", { tags: ["long"] }, async () => {
  await lab.startHere();
  for (const unit of [">", "*a_", "|", "[a]("]) {
    lab.mac.say(mia, `hostile ${unit}`);
    lab.mac.say(owner, `and me, beside ${unit}?`);
    await lab.until(() => lab.got(owner).includes(`re: and me, beside ${unit}?`));
    // As it was written, nothing lost.
    const whole = `${unit.repeat(Math.min(20_000, Math.floor(76_000 / unit.length)))}end`;
    await lab.until(() => lab.got(mia).join("").replaceAll(/\s/g, "").endsWith(whole));
  }
});

it("fails a turn whose long answer ended the process twice, and tells its sender and the owner", {
  tags: ["long"],
}, async () => {
  const dying = { TAPBACK_CRASH_AT: "turn.at-risk" };
  await lab.start(dying);
  lab.mac.say(mia, "hostile >");
  await lab.ended();
  // The turn runs again at once, so this one may end before it is connected.
  await lab.start(dying).catch(() => {});
  await lab.ended();
  await lab.start();
  await lab.until(() => lab.got(mia).length === 1 && lab.got(owner).length === 1);
  expect(lab.got(mia)).toEqual(["That did not work."]);
  expect(lab.got(owner)).toEqual([expect.stringContaining("ended 2 times over the long answer")]);
  expect((await lab.run("explain", "last")).stdout).toContain("TURN_CRASHED");
});

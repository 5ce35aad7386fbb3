import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readState } from "../../faults/harness/state.js";
import { AcpHouse, guest, owner } from "../../support/acp-house.js";

let acp: AcpHouse;
beforeEach(() => {
  acp = new AcpHouse();
});
afterEach(() => acp.close());

it("hands the tools of the turn's conversation to the agent over MCP, and no other", async () => {
  await acp.configure({ default: "fixture" });
  await acp.house.startHere();
  await acp.ask("a secret of the guest", guest);
  await acp.ask("remember the milk");
  expect(JSON.parse(await acp.ask("mcp"))).toContain("history");
  const found = await acp.ask('mcp history {"query":"milk"}');
  expect(found).toContain("remember the milk");
  expect(await acp.ask('mcp history {"query":"secret"}')).not.toContain("guest");
  const wrong = await acp.ask('mcp history {"query":3,"limit":"all"}');
  expect(wrong).toContain('"query" must be text, not 3. "limit" must be a number, not "all".');
  expect(wrong).not.toContain("invalid_type");
  const stolen = await acp.ask(`mcp as agent:fixture:direct:${guest} history {}`);
  expect(stolen).toContain("this token is not for this session");
  expect(stolen).not.toContain("a secret");
});

it("sends blocks as they are done, at most so many, and the rest joined", { tags: ["long"] }, async () => {
  await acp.configure({ default: "fixture", imessage: { streaming: "block", maxBubbles: 2 } });
  const first = await acp.house.startHere();
  acp.house.mac.say(owner, "blocks");
  await acp.house.got(owner, 2);
  await acp.house.settled();
  expect(acp.house.textsTo(owner)).toEqual(["Let me look.", "There are two."]);
  await first.stop();
  await acp.configure({ default: "fixture", imessage: { streaming: "block", maxBubbles: 1 } });
  await acp.house.startHere();
  acp.house.mac.say(guest, "blocks");
  await acp.house.got(guest, 1);
  await acp.house.settled();
  expect(acp.house.textsTo(guest)).toEqual(["Let me look.\n\nThere are two."]);
});

it("sends a picture from the turn's folder, and leaves nothing of the folder behind", async () => {
  await acp.configure({ default: "fixture" });
  await acp.house.startHere();
  acp.house.mac.say(owner, "picture");
  await acp.house.got(owner, 1);
  await acp.house.settled();
  expect(acp.house.mac.sent()).toHaveLength(1);
  await expect.poll(() => readdirSync(join(acp.house.stateDir, "turns")), { timeout: 5000 }).toEqual([]);
});

it("lets a turn end with the agent that it began with when the configuration changes", {
  tags: ["long"],
}, async () => {
  await acp.configure({ default: "fixture", env: { MARK: "old" } });
  await acp.house.startHere();
  expect(await acp.ask("env MARK")).toBe("old");
  acp.house.mac.say(owner, "slow 2500");
  await expect.poll(() => readState(acp.house.folder)?.openTurns, { timeout: 10_000 }).toBe(1);
  await acp.configure({ default: "fixture", env: { MARK: "new" } });
  await expect.poll(() => acp.house.log, { timeout: 10_000 }).toContain("configuration changed");
  await acp.sees("done ");
  expect(await acp.ask("env MARK")).toBe("new");
  expect(await acp.ask("prompts")).toBe('["env MARK","slow 2500","env MARK","prompts"]');
});

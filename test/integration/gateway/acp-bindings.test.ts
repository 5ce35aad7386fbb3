import { mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { AcpHouse, guest, owner } from "../../support/acp-house.js";

let acp: AcpHouse;
beforeEach(() => {
  acp = new AcpHouse();
});
afterEach(() => acp.close());

it("binds a conversation, resets it in place, survives a restart, and lets it go", async () => {
  await acp.configure();
  const first = await acp.house.startHere();
  expect(await acp.ask("/acp spawn nobody --bind here")).toMatch(
    /There is no ACP agent "nobody"\. Known: .*codex/,
  );
  expect(await acp.ask("/acp spawn fixture --bind here", guest)).toMatch(/for owners/);
  expect(await acp.ask("/acp status")).toMatch(/not bound/);
  // A phone makes one dash of two.
  expect(await acp.ask("/acp spawn fixture —bind here")).toMatch(/bound to fixture now/);
  expect(await acp.ask("/acp spawn fixture --bind here")).toMatch(/bound to fixture already/);
  expect(await acp.ask("hello")).toBe("You said: hello");
  expect(await acp.ask("prompts")).toBe('["hello","prompts"]');
  expect(await acp.ask("prompts", guest)).not.toContain("[");
  expect(await acp.ask("/new")).toBe("Done. We start afresh.");
  expect(await acp.ask("prompts")).toBe('["prompts"]');
  // A failed turn keeps its session: the next process loads it.
  await acp.ask("crash");
  // The owner is told why, in the answer itself.
  await acp.sees("got no answer from fixture");
  expect(await acp.ask("prompts")).toBe('["prompts","crash","prompts"]');
  await first.stop();
  await acp.house.startHere();
  expect(await acp.ask("prompts")).toBe('["prompts","crash","prompts","prompts"]');
  expect(await acp.ask("/acp close")).toMatch(/Closed\. fixture does not answer here any more/);
  expect(await acp.ask("prompts")).not.toContain("[");
  expect(await acp.ask("/acp close")).toMatch(/not bound/);
});

it("tells and changes how the session is served, and steers it", { tags: ["long"] }, async () => {
  await acp.configure();
  await acp.house.startHere();
  const folder = realpathSync(acp.house.folder);
  const work = join(folder, "work");
  mkdirSync(work);
  expect(await acp.ask("/acp spawn fixture --bind here --cwd /nowhere")).toMatch(/not a folder/);
  await acp.ask(`/acp spawn fixture --bind here --cwd ${work}`);
  expect(JSON.parse(await acp.ask("session"))).toMatchObject({ cwd: work });
  expect(await acp.ask("/acp status")).toMatch(
    new RegExp(`waiting, persistent\\nSession agent:fixture:acp:.*\\nFolder ${work}`),
  );
  expect(await acp.ask("/model")).toMatch(/own/);
  expect(await acp.ask("/model Big one")).toBe("model: Big one, from the next message on.");
  expect(await acp.ask("/acp mode code")).toMatch(/^mode: code/);
  expect(JSON.parse(await acp.ask("session"))).toMatchObject({ model: "big", mode: "code", cwd: work });
  expect(await acp.ask("/acp permissions deny")).toBe("permissions: deny.");
  expect(await acp.ask("permission")).toContain('"no"');
  expect(await acp.ask("/acp permissions ask")).toBe("permissions: ask.");
  expect(await acp.ask("/acp timeout 1")).toMatch(/number of seconds/);
  expect(await acp.ask("/acp timeout 5")).toBe("timeout: 5.");
  expect(await acp.ask("/acp sessions")).toMatch(/^fixture in chat_id:\d+: waiting$/);
  expect(await acp.ask("/acp cancel")).toBe("Nothing is running.");
  acp.house.mac.say(owner, "wait");
  await expect.poll(async () => acp.ask("/acp sessions"), { timeout: 15_000 }).toMatch(/working/);
  expect(await acp.ask("/acp steer prompts")).toMatch(/"wait","prompts"\]$/);
  expect(await acp.ask("/acp timeout default")).toMatch(/as configured/);
});

it("serves the conversations that the configuration binds, each in a session of its own", async () => {
  const match = { channel: "imessage", peer: { kind: "direct", id: owner } };
  await acp.configure({
    more: { bindings: [{ type: "acp", agentId: "fixture", match, acp: { sessionMode: "code" } }] },
  });
  const first = await acp.house.startHere();
  expect(JSON.parse(await acp.ask("session"))).toMatchObject({ mode: "code" });
  expect(await acp.ask("prompts", guest)).not.toContain("[");
  await first.stop();
  await acp.house.startHere();
  expect(await acp.ask("prompts")).toBe('["session","prompts"]');
  expect(await acp.ask("/acp close")).toMatch(/The configuration binds this conversation/);
  expect(await acp.ask("prompts")).toBe('["prompts"]');
});

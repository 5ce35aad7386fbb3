import { afterEach, beforeEach, expect, it } from "vitest";
import { AcpHouse, guest, owner } from "../../support/acp-house.js";

let acp: AcpHouse;
beforeEach(() => {
  acp = new AcpHouse();
});
afterEach(() => acp.close());

const asked =
  /The agent asks: Run\\u\{0\} `rm -rf \\u\{1b\}\[1mbuild\\u\{1b\}\[0m`\n1\. Allow\n2\. Deny\nAnswer with a number.*\/approve (\w{4}) <number>/s;
const allowed = '{"outcome":"selected","optionId":"yes"}';
const denied = '{"outcome":"selected","optionId":"no"}';

it("asks the owner, takes a number, a tapback, a reply or /approve, and each only once", async () => {
  await acp.configure({ default: "fixture" });
  await acp.house.startHere();
  const { mac } = acp.house;

  expect(await acp.ask("permission")).toMatch(asked);
  mac.say(owner, "1");
  await acp.sees("Allow: noted.");
  await acp.sees(allowed);
  // The agent's answer was said since, so a number is an ordinary message again.
  expect(await acp.ask("1")).toBe("You said: 1");

  await acp.ask("permission");
  const second = await acp.sees("The agent asks");
  mac.react(owner, second, "dislike", true);
  await acp.sees("A tapback that is taken back answers nothing.");
  mac.react(owner, second, "dislike");
  await acp.sees("Deny: noted.");
  await acp.sees(denied);
  mac.react(owner, second, "like");
  await acp.sees("That was answered already: Deny.");
  mac.react(owner, second, "dislike", true);
  await acp.sees("Taking a tapback back changes nothing.");

  const [, id] = asked.exec(await acp.ask("permission"))!;
  expect(await acp.ask(`/approve ${id} 7`)).toBe("Answer with a number from 1 to 2.");
  mac.say(owner, `/approve ${id} allow`);
  await acp.house.settled();
  expect(await acp.ask(`/approve ${id} 2`)).toBe("That was answered already: Allow.");
  await acp.house.settled();
  const runs = acp.house.textsTo(owner).filter((text) => text === allowed);
  expect(runs).toHaveLength(2);
});

it("asks the owner, not the contact whose message it is about, and lets nobody else answer", async () => {
  await acp.configure({ default: "fixture" });
  await acp.house.startHere();
  const { mac } = acp.house;
  mac.say(guest, "permission");
  const question = await acp.sees("The agent asks");
  expect(question.text).toMatch(/^For \+15550100002\. The agent asks/);
  const [, id] = asked.exec(question.text)!;
  expect(await acp.ask(`/approve ${id} 1`, guest)).toMatch(/Only an owner may answer/);
  mac.say(owner, "2");
  expect(await acp.sees(denied, guest)).toBeDefined();
  expect(acp.house.textsTo(guest).join("\n")).not.toContain("rm -rf");
});

it("takes a plain yes or no for the only open question, and tells other words that they wait, once", async () => {
  await acp.configure({ default: "fixture" });
  await acp.house.startHere();
  const { mac } = acp.house;
  const answers = () => acp.house.textsTo(owner).filter((text) => text === allowed || text === denied);
  await acp.ask("permission");
  expect(await acp.ask("what is this?")).toMatch(
    /^That waits: the agent goes on when its question is answered/,
  );
  mac.say(owner, "and this?");
  mac.say(owner, "Yes.");
  await acp.sees("Allow: noted.");
  await acp.house.settled();
  expect(answers()).toEqual([allowed]);
  expect(acp.house.textsTo(owner).filter((text) => text.startsWith("That waits"))).toHaveLength(1);

  await acp.ask("permission");
  mac.say(owner, "no");
  await acp.sees("Deny: noted.");
  await acp.house.settled();
  expect(answers()).toEqual([allowed, denied]);
  expect(await acp.ask("yes")).toBe("You said: yes");
});

it("asks nobody for the gateway's own tools, and everybody for one that is called so", {
  tags: ["long"],
}, async () => {
  await acp.configure({ default: "fixture" });
  await acp.house.startHere();
  const toolCall = (source: string) => ({
    toolCallId: "1",
    kind: "other",
    title: "mcp__tapback__message",
    rawInput: { action: "react" },
    _meta: { claudeCode: { toolName: "mcp__tapback__message", mcpServer: { name: "tapback", source } } },
  });
  const request = (source: string) => `permission ${JSON.stringify({ toolCall: toolCall(source) })}`;
  expect(await acp.ask(request("dynamic"), guest)).toBe(allowed);
  expect(await acp.ask(request("project"))).toMatch(
    /^The agent asks: mcp__tapback__message\naction: react\n1\. Allow/,
  );
});

it("takes no answer of another person in the same group, nor an old question's for a new one", {
  tags: ["long"],
}, async () => {
  const { mac } = acp.house;
  const group = mac.group([owner, guest], "Trip");
  const place = mac.identifierOf(group);
  const none = "Only an owner may answer this, over iMessage.";
  await acp.configure({
    default: "fixture",
    imessage: { groupPolicy: "open", groups: { "*": { requireMention: false } } },
  });
  await acp.house.startHere();
  mac.sayIn(group, owner, "permission");
  const first = await acp.sees("The agent asks", place);
  mac.react(guest, first, "like", false, group);
  mac.sayIn(group, guest, "1");
  mac.react(guest, first, "like", true, group);
  mac.react(owner, first, "dislike", false, group);
  await acp.sees("Deny: noted.", place);
  expect((await acp.sees('"outcome"', place)).text).toBe(denied);
  // What the guest wrote is a message like any other.
  await acp.sees("You said", place);
  await acp.house.settled();
  expect(acp.house.textsTo(place)).not.toContain(none);

  mac.sayIn(group, owner, "permission");
  await expect.poll(() => asks(place), { timeout: 15_000 }).toBe(2);
  const second = await acp.sees("The agent asks", place);
  // The old question's tapback says nothing about the new one; two answers at once are one.
  mac.react(owner, first, "like", false, group);
  await acp.sees("That was answered already: Deny.", place);
  expect(acp.house.textsTo(place).filter((text) => text.includes('"outcome"'))).toEqual([denied]);
  mac.react(owner, second, "dislike", false, group);
  mac.react(owner, second, "like", false, group);
  mac.sayIn(group, owner, "1");
  await expect.poll(() => answers(place), { timeout: 15_000 }).toBe(2);
  await acp.house.settled();
  expect(acp.house.textsTo(place).filter((text) => text.includes('"outcome"'))).toEqual([denied, denied]);
  expect(acp.house.textsTo(place).filter((text) => text.endsWith(": noted."))).toHaveLength(2);
});

const asks = (place: string) =>
  acp.house.textsTo(place).filter((text) => text.includes("The agent asks")).length;
const answers = (place: string) =>
  acp.house.textsTo(place).filter((text) => text.includes('"outcome"')).length;

it("denies what nobody answers in time, and what an earlier process asked", async () => {
  await acp.configure({ default: "fixture", acp: { permissionTimeoutSeconds: 2 } });
  const first = await acp.house.startHere();
  const { mac } = acp.house;
  await acp.ask("permission");
  const old = await acp.sees("The agent asks");
  await acp.sees("Nobody answered in time, so it was denied");
  await acp.sees(denied);
  mac.react(owner, old, "like");
  await acp.sees("That question has expired");

  await first.stop();
  await acp.configure({ default: "fixture" });
  const second = await acp.house.start();
  expect(await acp.ask("permission")).toMatch(asked);
  const before = await acp.sees("The agent asks");
  second.kill("SIGKILL");
  await second.ended;
  await acp.house.startHere();
  // The turn runs again and asks again; the earlier question is none any more.
  const count = () => acp.house.textsTo(owner).filter((text) => text.includes("The agent asks")).length;
  await expect.poll(count, { timeout: 20_000 }).toBe(3);
  mac.react(owner, before, "like");
  await acp.sees("That question is not open any more.");
  mac.say(owner, "1");
  await acp.sees(allowed);
});

it("fails the turn of an agent that gives up because nobody answered, and says so", {
  tags: ["long"],
}, async () => {
  await acp.configure({ default: "fixture", acp: { permissionTimeoutSeconds: 1 } });
  await acp.house.startHere();
  acp.house.mac.say(guest, "insist");
  await acp.sees("The agent asks: Run `make`");
  await acp.sees("nobody answered the agent in time: Run `make`");
  await acp.sees("Sorry, something went wrong.", guest);
  await acp.house.settled();
  expect(acp.house.textsTo(guest)).toHaveLength(1);
  const { stdout } = await acp.house.tapback(["explain", "last", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({
    state: "failed",
    turn: { state: "failed", error: { code: "AGENT_UNANSWERED" } },
  });
});

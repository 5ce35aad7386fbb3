import { expect, test } from "../../testing-vitest.js";
import type { FaultName } from "./faults.js";

const mia = "+15550100123";
const agents = { main: ({ text }: { text: string }) => `You wrote: ${text}` };

test.for<[FaultName, object]>([
  ["gateway-dies", { ms: "5000" }],
  ["machine-sleeps", { ms: "600000" }],
  ["disk-full", { ms: -1 }],
  ["messages-restarts", { ms: Number.POSITIVE_INFINITY }],
  ["clock-jumps", { ms: Number.NaN }],
  ["gateway-dies", { seconds: 5 }],
  ["child-dies", { times: 1 }],
  ["late-join", { ms: "900" }],
])("refuses %s with %o, and goes on", async ([name, manner], { messagesWorld }) => {
  const world = await messagesWorld({ agents });
  await expect(world.fault(name, manner)).rejects.toMatchObject({ code: "FAULT_INVALID" });
  const person = world.person(mia);
  person.says("Hello");
  await world.settles();
  expect(person).toReceive("You wrote: Hello");
  expect(Number.isFinite(world.now)).toBe(true);
});

test("lets a clock jump back", async ({ messagesWorld }) => {
  const world = await messagesWorld({ agents });
  await world.fault("clock-jumps", { ms: -60_000 });
  await world.fault("mac-clock-jumps", { ms: -60_000 });
  const person = world.person(mia);
  person.says("Hello");
  await world.settles();
  expect(person).toReceive("You wrote: Hello");
});

test("has Messages back once after it restarted twice", async ({ messagesWorld }) => {
  const world = await messagesWorld({ agents });
  await world.fault("messages-restarts", { ms: 5000 });
  await world.passes({ seconds: 2 });
  await world.fault("messages-restarts", { ms: 5000 });
  await world.passes({ seconds: 4 });
  expect(world.mac.settings().bridge).toBe(false);
  await world.passes({ seconds: 2 });
  expect(world.mac.settings().bridge).toBe(true);
  // One without its helper has none after that either.
  world.mac.set({ bridge: false });
  await world.fault("messages-restarts", { ms: 1000 });
  await world.passes({ seconds: 2 });
  expect(world.mac.settings().bridge).toBe(false);
});

test("makes room on the disk when the last fault says so", async ({ messagesWorld }) => {
  const world = await messagesWorld({ agents });
  const person = world.person(mia);
  await world.fault("disk-full", { ms: 60_000 });
  await world.passes({ seconds: 20 });
  world.heals();
  await world.fault("disk-full", { ms: 60_000 });
  person.says("x".repeat(20_000));
  await world.passes({ seconds: 50 });
  expect(person).toStaySilent();
  await world.passes({ seconds: 60 });
  expect(person).not.toStaySilent();
});

test("starts no gateway that was stopped", async ({ messagesWorld }) => {
  const world = await messagesWorld({ agents });
  await world.stops();
  await world.fault("gateway-dies", { ms: 1000 });
  const person = world.person(mia);
  person.says("Hello");
  await world.passes({ minutes: 1 });
  expect(person).toStaySilent();
  await world.starts();
  await world.passes({ minutes: 1 });
  expect(person).toReceive("You wrote: Hello");
});

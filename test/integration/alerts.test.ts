import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { type MessagesWorld, messagesWorld } from "../../src/testing/index.js";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A web service. @returns its address, and the texts that it was told, without the name of this machine */
async function service() {
  const told: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => {
      body += piece;
    });
    request.on("end", () => {
      told.push(JSON.parse(body).text.replace(/on \S+:/, "on HOST:"));
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return { told, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

it("tells past Messages that no messages come in, and when they do again", async () => {
  const { told, url } = await service();
  const world = await messagesWorld({
    agents: { main: ({ text }) => `You wrote: ${text}` },
    config: { alerts: [{ type: "webhook", url }] },
  });
  closing.push(() => world.close());
  const person = world.person("+15550100123");
  person.says("Hello");
  await world.settles();
  await world.fault("permission-denied", { times: 1000 });
  await world.fault("child-dies");
  await becomesDue(world, "begin-due", () => told.length > 0);
  await vi.waitFor(() => expect(told).toHaveLength(1), waiting);
  expect(told[0]).toMatch(/^Tapback on HOST: no messages come in \(account default\): .+\n.+/);
  await world.passes({ minutes: 30 });
  world.heals();
  await becomesDue(world, "end-due", () => told.length > 1);
  await vi.waitFor(() => expect(told).toHaveLength(2), waiting);
  expect(told[1]).toMatch(
    /^Tapback on HOST: messages come in again \(account default\), after \d+ minutes\.$/,
  );
});

/** An alert goes by the machine's time, in which that of the world stands still. */
const waiting = { timeout: 30_000, interval: 20 };

/** Lets time of the world pass until an alert is kept as due, or told already. */
async function becomesDue(world: MessagesWorld, phase: string, isTold: () => boolean): Promise<void> {
  const file = join(world.stateDir, "alerts.json");
  for (let looks = 0; looks < 200; looks++) {
    if (isTold() || (existsSync(file) && readFileSync(file, "utf8").includes(phase))) return;
    await world.passes({ seconds: 1 });
  }
  throw new Error(`no alert is ${phase}`);
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { systemClock } from "../../src/platform/index.js";
import { postSigned } from "../../src/webhooks/index.js";
import { GatewayLab } from "../support/gateway-lab.js";

// A busy machine starts each command in seconds; how long it takes proves nothing.
vi.setConfig({ testTimeout: 120_000 });

const [mia, ben] = ["+15550100071", "+15550100082"];
const secretOf = (letter: string) => `whsec_${letter.repeat(40)}`;

let lab: GatewayLab;
const closing: (() => unknown)[] = [];
beforeEach(() => {
  lab = new GatewayLab();
});
afterEach(async () => {
  await lab.close();
  for (const close of closing.splice(0)) await close();
});

interface Told {
  id: string;
  event: { id: number; type: string; chat: string | null; data: Record<string, unknown> };
}

/** A receiver that takes only what the published library of Standard Webhooks verifies. */
async function receiver(secret: string) {
  const told: Told[] = [];
  const refused: string[] = [];
  const answer = { status: 204 };
  const verifier = new Webhook(secret);
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const id = String(request.headers["webhook-id"]);
      response.statusCode = answer.status;
      if (answer.status === 302) response.setHeader("location", "/elsewhere");
      try {
        const headers = request.headers as Record<string, string>;
        const event = verifier.verify(Buffer.concat(parts).toString(), headers) as Told["event"];
        if (answer.status < 300) told.push({ id, event });
        else refused.push(`${request.url} ${id}`);
      } catch (error) {
        refused.push(String(error));
        response.statusCode = 401;
      }
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const said = (type = "message") =>
    told.filter(({ event }) => event.type === type).map(({ event }) => event.data.text);
  return { url, told, refused, answer, said, hook: { url, secret } };
}

it("is received by the example, each event once", async () => {
  const script = join(import.meta.dirname, "../../examples/webhooks/receiver.mjs");
  const env = { ...process.env, WEBHOOK_SECRET: secretOf("A"), PORT: "0" };
  const example = spawn(process.execPath, [script], { env });
  closing.push(() => example.kill());
  let printed = "";
  example.stdout.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const [line] = (await once(example.stderr, "data")) as [Buffer];
  const url = /http:\S+/.exec(line.toString())![0];
  const post = (secret: string, id: string) => {
    const signal = new AbortController().signal;
    return postSigned(
      { url, secret, formerSecrets: [] },
      { id, body: `{"id":"${id}"}` },
      systemClock,
      signal,
    );
  };
  expect(await post(secretOf("B"), "forged")).toEqual({ state: "failed", why: "it answered 401" });
  for (const id of ["one", "one", "two"]) expect(await post(secretOf("A"), id)).toEqual({ state: "taken" });
  await lab.until(() => printed.split("\n").length >= 3);
  expect(printed).toBe('{"id":"one"}\n{"id":"two"}\n');
});

const open = { dmPolicy: "open", allowFrom: ["*"] };

it("tells webhooks what happens, signed and in order, and catches up one that was dead, also over a restart", async () => {
  const [whole, dead, one] = await Promise.all(["A", "B", "C"].map((each) => receiver(secretOf(each))));
  dead!.answer.status = 302;
  // The second goes over to a new key, which its receiver does not know yet.
  const former = { secret: secretOf("Z"), formerSecrets: [secretOf("B")] };
  lab.mac.say(ben, "before");
  const webhooks = [
    { ...whole!.hook, events: ["message", "decision", "turn", "sent"] },
    { ...dead!.hook, ...former },
    { ...one!.hook, events: ["message", "decision", "turn", "sent"], chats: [mia] },
  ];
  lab.configure(open, { webhooks });
  await lab.startHere();
  lab.mac.say(mia, "first");
  await lab.until(() => whole!.said("sent").length === 1 && dead!.refused.length > 0);
  lab.mac.say(ben, "second");
  await lab.until(() => whole!.said("sent").length === 2);
  const types = whole!.told.filter(({ event }) => event.chat !== null).map(({ event }) => event.type);
  expect(types.slice(0, 3)).toEqual(["message", "decision", "turn"]);
  const ids = whole!.told.map(({ event }) => event.id);
  expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
  expect(whole!.refused).toEqual([]);
  // A redirect is not followed.
  expect(dead!.told).toEqual([]);
  expect(dead!.refused.filter((each) => !each.startsWith("/hook evt_"))).toEqual([]);
  const [state] = JSON.parse((await lab.run("webhooks", "list", "--json")).stdout).slice(1);
  expect(state).toMatchObject({ number: 2, state: "failing", why: "it answered 302" });

  const status = JSON.parse((await lab.run("channels", "status", "--json")).stdout);
  expect(status.webhooks.map(({ state }: { state: string }) => state)).toEqual(["ok", "failing", "ok"]);

  await lab.stop();
  const missed = dead!.refused[0]!.split(" ")[1];
  dead!.answer.status = 204;
  await lab.startHere();
  await lab.until(() => dead!.said("sent").length === 2);
  // The event that was refused comes again under its id, first of all.
  expect(dead!.told[0]!.id).toBe(missed);
  expect(dead!.said().filter((text) => text === "first" || text === "second")).toEqual(["first", "second"]);
  // What is not of the chats that it names a webhook is not told.
  const chats = new Set(one!.told.map(({ event }) => event.chat));
  expect([one!.said().includes("first"), one!.said().includes("second"), chats.size]).toEqual([
    true,
    false,
    1,
  ]);
  await lab.until(() => one!.said("sent").length > 0);
  expect(one!.said("sent")).toEqual(["re: first"]);
  expect(lab.log).not.toMatch(/whsec_|\/hook/);
  expect((await lab.run("config", "get", "webhooks", "--json")).stdout).not.toMatch(/whsec_[A-Z]/);

  // By hand: a test, what is kept once more, and one that is gone.
  const before = whole!.told.length;
  expect(await lab.run("webhooks", "test", "1")).toMatchObject({ code: 0 });
  expect(whole!.told.at(-1)!.event.type).toBe("test");
  expect(await lab.run("webhooks", "replay", "1")).toMatchObject({ code: 0 });
  await lab.until(() => whole!.told.length >= 2 * before + 1);
  expect(new Set(whole!.told.map(({ id }) => id)).size).toBeLessThanOrEqual(before + 2);
  one!.answer.status = 410;
  lab.mac.say(mia, "third");
  await lab.until(async () => (await lab.run("webhooks", "list", "--json")).stdout.includes('"gone"'));
  expect((await lab.run("webhooks", "test", "3")).code).toBe(1);
});

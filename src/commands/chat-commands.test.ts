import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { dispatch, item, pairing, row } from "../../test/contract/store/bench.js";
import { FakeClock } from "../../test/support/fake-clock.js";
import { parseConfig, resolveAccount } from "../config/index.js";
import type { Decision } from "../conversation/index.js";
import { rulesFor } from "../inbound/index.js";
import { openStore, type Store } from "../store/index.js";
import { ChatCommands } from "./chat-commands.js";
import type { GatewayControls } from "./contract.js";
import { commandRules } from "./table.js";

const guest = "+15550100123";
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const broken = () => {
  throw new Error("disk I/O error");
};

let folder: string;
let store: Store;
let rows = 0;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-commands-"));
  store = openStore(join(folder, "state.db"));
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** Carries out a decided command. @returns its row's state, and what is to be sent */
async function say(
  name: string,
  over: Partial<Store> = {},
  decided: Record<string, unknown> = {},
  text = "",
) {
  const parsed = await parseConfig(JSON.stringify({ channels: { imessage: { region: "DE" } } }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const { config } = parsed.value;
  const rules = rulesFor(config, resolveAccount(config, "default")!, commandRules);
  const { claim } = await store.accounts.claim("default", "node");
  const [id] = await store.journal.admit(claim, [row(++rows, { from: guest, text })], "live", 1000);
  const decision = { ...dispatch, ...decided, kind: "command", name } as Decision & { kind: "command" };
  await store.journal.decide(claim, id!, decision, 1000);
  const controls = { verdictOf: broken } as unknown as GatewayControls;
  const commands = new ChatCommands({
    store: { ...store, ...over },
    clock: new FakeClock(2000),
    log: silent,
    config: () => config,
    controls,
  });
  const failure = await commands.run(claim, (await store.journal.get(id!))!, decision, rules).then(
    () => undefined,
    (error: Error) => error.message,
  );
  const replies = (await store.outbox.list({ limit: 9 })).map(({ origin, text }) => [origin, text]);
  return { failure, state: (await store.journal.get(id!))!.state, replies };
}

it("tells somebody who was let in that a command failed, and ends its row", async () => {
  expect(await say("status")).toEqual({
    failure: undefined,
    state: "done",
    replies: [["command", "That did not work. The gateway's log says why."]],
  });
});

it("keeps the row of a phrase that could not be read, and tells its writer nothing", async () => {
  const enrolment = { ...store.enrolment, current: broken };
  expect(await say("enrol", { enrolment } as unknown as Partial<Store>)).toEqual({
    failure: "disk I/O error",
    state: "decided",
    replies: [],
  });
});

it("commits what a command leads to together with its answer", async () => {
  const open = { phrase: "apple river king cake", owner: true, createdAt: 1000, expiresAt: 9000 };
  await store.enrolment.open("default", open);
  const { replies, state } = await say("enrol", {}, {}, "Apple river king cake.");
  expect(state).toBe("done");
  expect(replies).toEqual([["approval", expect.stringMatching(/^You are approved, as the owner\./)]]);
  expect(await store.pairing.owners("default")).toEqual([guest]);
});

it("lets nobody in by the phrase of an enrolment that was replaced by another one since", async () => {
  const open = { phrase: "apple river king cake", owner: false, createdAt: 1000, expiresAt: 9000 };
  await store.enrolment.open("default", open);
  const next = await store.enrolment.open("default", {
    ...open,
    phrase: "maple cloud river fox",
    owner: true,
  });
  expect(await say("enrol", {}, {}, open.phrase)).toEqual({ failure: undefined, state: "done", replies: [] });
  expect(await store.pairing.owners("default")).toEqual([]);
  expect(await store.enrolment.get(next.id)).toMatchObject({ state: "open" });
});

it("ends all messages to who said STOP, and says so", async () => {
  expect((await say("opt-out")).replies).toEqual([["opt-out", expect.stringContaining("no more messages")]]);
  expect(await store.pairing.hasOptedOut("default", guest)).toBe(true);
});

it("tells an owner of a STOP whose sender could be forged, once, and of no other", async () => {
  const owner = "+15550100777";
  const { claim } = await store.accounts.claim("default", "node");
  const [id] = await store.journal.admit(claim, [row(900, { from: owner })], "live", 1000);
  const phrase = { phrase: "maple river", owner: true, createdAt: 1000, expiresAt: 9000 };
  const { id: enrolment } = await store.enrolment.open("default", phrase);
  await store.journal.decide(claim, id!, { ...dispatch, kind: "command", name: "enrol" }, 1000);
  await store.journal.complete(
    claim,
    id!,
    { replies: [], enrolled: { enrolment, handle: owner, chatId: 9 } },
    1000,
  );
  const told = async () =>
    (await store.outbox.list({ limit: 9 })).filter(({ origin }) => origin === "owner-notice");
  await say("opt-out");
  expect(await told()).toEqual([]);
  await say("opt-out", {}, { over: "sms", silent: true });
  expect(await told()).toMatchObject([
    {
      target: { kind: "handle", handle: owner, service: "auto" },
      text: `STOP came from ${guest} by SMS, where a sender can be forged. Nothing goes there any more until they write START.`,
    },
  ]);
});

it("answers nothing where the rules send nothing to the sender", async () => {
  expect((await say("opt-out", {}, { silent: true })).replies).toEqual([]);
  expect(await store.pairing.hasOptedOut("default", guest)).toBe(true);
});

it("refuses what is for owners with the words of its command", async () => {
  expect((await say("pairing")).replies).toEqual([
    ["command", expect.stringMatching(/^This command is for owners, and none is set\./)],
  ]);
});

it("tells an owner what became of a code: approved, approved before, unknown", async () => {
  const { claim } = await store.accounts.claim("default", "node");
  await store.pairing.admit("default", guest, 1000);
  const [id] = await store.journal.admit(claim, [row(900)], "live", 1000);
  const asked = {
    handle: "+15550100777",
    code: "ABCDEFGH",
    requestedAt: 1,
    expiresAt: 9000,
    chatId: 9,
    text: "",
  };
  await store.journal.offerPairing(
    claim,
    { id: id!, decision: pairing, request: asked, reply: item("code", 9, { origin: "pairing" }), most: 3 },
    1000,
  );
  const typed = async (words: string) => {
    const { replies } = await say("pairing", {}, { isOwner: true }, `/pairing ${words}`);
    return replies[0]?.[1];
  };
  expect(await typed("approve")).toMatch(/^Usage/);
  expect(await typed("approve abcd efgh")).toMatch(/^Approved \+15550100777\.\n2 people share/);
  expect(await typed("approve ABCDEFGH")).toBe("The request with the code ABCDEFGH was approved before.");
  expect(await typed("deny ABCDEFGH")).toBe("The request with the code ABCDEFGH was approved before.");
  expect(await typed("deny BCDEFGHJ")).toBe("No request has the code BCDEFGHJ.");
});

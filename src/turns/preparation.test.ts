import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { Bench, dispatch, row, turn } from "../../test/contract/store/bench.js";
import { FakeClock } from "../../test/support/fake-clock.js";
import { fileAt } from "../../test/support/file-at.js";
import { rememberingLog } from "../../test/support/inbound-bench.js";
import { png, put } from "../../test/support/sample-files.js";
import { parseConfig, resolveAccount } from "../config/index.js";
import { openStore } from "../store/index.js";
import type { TurnAccounts } from "./accounts.js";
import { buildEnvelope } from "./envelope/envelope.js";
import { Preparation } from "./preparation.js";
import { TurnFolders } from "./turn-folders.js";

const stores = new Bench(openStore);

/** A turn that waited, with a file, while its message was changed on the Mac. @param now what the Mac shows of it */
async function preparing(now = "as edited", isAtWork = true) {
  const { store, claim } = await stores.claimed();
  const clock = new FakeClock(1_000_000);
  const roots = join(stores.folder, "Attachments");
  const written = row(1, {
    ...{ text: "as written", sentAt: clock.now() },
    attachments: [fileAt(put(roots, "a.png", png))],
  });
  const [id] = await store.journal.admit(claim, [written], "live", clock.now());
  await store.journal.decide(claim, id!, dispatch, clock.now());
  const parts = { turnId: "t", sessionKey: "s", agentId: "main", accountId: "default", isGroup: false };
  const more = { context: [], notes: [], includeAttachments: true };
  const entries = [(await store.journal.get(id!))!];
  const envelope = buildEnvelope({ ...parts, ...more, isOwner: false, entries });
  await store.turns.open(claim, { ...turn("t", "s"), envelope }, [id!], [], clock.now());
  await clock.advance(3000);
  const [claimed] = await store.turns.claim("node", 1, clock.now());
  const imessage = { includeAttachments: true, attachmentRoots: [roots] };
  const parsed = await parseConfig(JSON.stringify({ channels: { imessage } }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const settings = resolveAccount(parsed.value.config, "default")!;
  let looks = 0;
  const history = async () => {
    looks += 1;
    return [{ ...written, text: now }];
  };
  const account = { settings, bridge: { state: "live", history } };
  const accounts = {
    of: (name: string) => (isAtWork && name === "default" ? account : undefined),
  } as unknown as TurnAccounts;
  const folders = new TurnFolders(join(stores.folder, "state"), store);
  const { log } = rememberingLog();
  const surroundings = { home: stores.folder, env: {} };
  const preparation = new Preparation({
    ...{ store, clock, log, surroundings, accounts, folders, filesMs: 0 },
    transcriber: () => undefined,
  });
  return { preparation, folders, ...claimed!, looks: () => looks };
}

it("looks at the messages of a turn again, and not for what was scheduled (behaviour 9.7)", async () => {
  const { preparation, turn, claim, looks } = await preparing();
  const scheduled = { ...turn, envelope: { ...turn.envelope, scheduled: { id: "s1", dueAt: "x" } } };
  expect(await preparation.refresh(scheduled, claim)).toBe(scheduled.envelope);
  expect(looks()).toBe(0);
  expect((await preparation.refresh(turn, claim))?.text).toBe("as edited");
  expect(looks()).toBe(1);
});

it("knows whether a message that waits is as it was written", async () => {
  const edited = await preparing();
  expect(await edited.preparation.isAsWritten(edited.turn)).toBe(false);
  await stores.clear();
  const same = await preparing("as written");
  expect(await same.preparation.isAsWritten(same.turn)).toBe(true);
});

it("makes the files of a turn ready in its own folder", async () => {
  const { preparation, turn, folders } = await preparing();
  const { envelope, notes } = await preparation.ready(turn, new AbortController().signal);
  const [file] = envelope.messages[0]!.attachments;
  expect([file!.name, dirname(dirname(file!.path!)), notes]).toEqual(["a.png", folders.inboxOf("t"), []]);
  expect(readFileSync(file!.path!)).toEqual(png);
});

it("leaves a turn as it is stored while its account is not at work", async () => {
  const { preparation, turn, claim, looks } = await preparing("as edited", false);
  expect(await preparation.refresh(turn, claim)).toBe(turn.envelope);
  expect(await preparation.isAsWritten(turn)).toBe(true);
  const { envelope, notes } = await preparation.ready(turn, new AbortController().signal);
  expect([envelope, notes, looks()]).toEqual([turn.envelope, [], 0]);
});

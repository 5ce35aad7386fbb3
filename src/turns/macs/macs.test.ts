import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { rememberingLog } from "../../../test/support/inbound-bench.js";
import { put } from "../../../test/support/sample-files.js";
import { SharedStore } from "../../../test/support/shared-store.js";
import { turnLabs } from "../../../test/support/turn-lab.js";
import type { Actor } from "../../actions/index.js";
import { parseConfig } from "../../config/index.js";
import { FilesInStore } from "../../outbound/index.js";
import { err, ok, TapbackError } from "../../platform/index.js";
import type { Claim, ClaimedTurn, Turn } from "../../store/index.js";
import { TurnAccounts } from "../accounts.js";
import { Drafts } from "../drafts/drafts.js";
import type { TurnAccount } from "../turn-account.js";
import { TurnFolders } from "../turn-folders.js";
import { Asking } from "./asking.js";
import { ErrandDesk } from "./desk.js";
import type { MacPreparation } from "./macs.js";
import { RemoteMacs } from "./remote-macs.js";

const open = turnLabs();

interface House {
  imessage?: object;
  rest?: object;
  preparation?: Partial<MacPreparation>;
  account?: Partial<TurnAccount>;
  isOwner?: boolean;
}

/** A worker in which a turn runs, and the gateway that has the turn's account, over one store. */
async function house({ imessage = {}, rest = {}, preparation, account, isOwner = false }: House = {}) {
  const lab = open();
  const parsed = await parseConfig(JSON.stringify({ channels: { imessage }, ...rest }), {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const { config } = parsed.value;
  const shared = new SharedStore(lab.store);
  const { store } = shared;
  const { clock } = lab;
  const { log, lines } = rememberingLog();
  await lab.queue("t", { isOwner });
  const [running] = (await store.turns.claim("worker", 1, clock.now())) as [ClaimedTurn];
  const { turn, claim } = running;
  const owner: Claim = { kind: "account", id: "default", owner: "gateway", fence: 1, attempt: 1 };
  const heard: string[] = [];
  const acts: { actor: Actor; action: string; parameters: Record<string, unknown>; occasion: number }[] = [];
  const atWork = {
    claim: owner,
    settings: { region: "US", mediaMaxMb: 1, review: "off", dms: {}, groups: {} },
    actions: {
      act: async (actor: Actor, action: string, parameters: Record<string, unknown>, occasion: number) => {
        acts.push({ actor, action, parameters, occasion });
        return ok({ MessageSidFull: "guid" });
      },
      offers: ({ isOwner: may }: Actor) => [
        { name: "react", offered: true, why: null },
        { name: "renameGroup", offered: may, why: null },
        { name: "edit", offered: false, why: "no" },
      ],
    },
    bridge: {
      actions: { capabilities: () => ({ can: (ability: string) => ({ supported: ability === "poll" }) }) },
      history: async ({ chatId }: { chatId: number }) => [row(`said in ${chatId}`), row("before that")],
    },
    turnStarted: ({ id }: Turn) => void heard.push(`${id} started`),
    turnEnded: ({ id }: Turn, { outcome }: { outcome: string }) => void heard.push(`${id} ${outcome}`),
    turnWaitsAgain: ({ id }: Turn) => void heard.push(`${id} waits`),
    showsBubble: () => true,
    isRetried: async () => true,
    ...account,
  } as unknown as TurnAccount;
  const accounts = new TurnAccounts(
    (id) => (id === "default" ? atWork : undefined),
    () => config,
  );
  const drafts = new Drafts({
    ...{ store, clock, log, config: () => config, accounts },
    owners: async () => [],
  });
  const desk = ErrandDesk.of({
    ...{ store, clock, log, accounts, drafts },
    config: () => ({
      ...config,
      channels: { ...config.channels, imessage: { ...config.channels.imessage } },
    }),
    stateDir: join(lab.folder, "gateway"),
    preparation: {
      refresh: async (refreshed) => refreshed.envelope,
      ready: async ({ envelope }) => ({ envelope, notes: [] }),
      isAsWritten: async () => true,
      ...preparation,
    },
  })!;
  const folders = new TurnFolders(join(lab.folder, "worker"), store);
  const away = new TurnAccounts(
    () => undefined,
    () => config,
  );
  const files = new FilesInStore(store.blobs!, clock);
  const macs = new RemoteMacs({
    ...{ store, log, folders, files, accounts: away },
    asking: new Asking(store, store.errands!, clock),
  });
  const actor = {
    files: { check: async (path: string) => ok(path), folder: "", maxMb: 1 },
  } as unknown as Actor;
  const begin = () => macs.preparation.refresh(turn, claim);
  const act = (action: string, parameters: Record<string, unknown>, occasion = 0) =>
    macs.actionsOf(turn).act(actor, action, parameters, occasion);
  return { lab, shared, store, desk, macs, turn, claim, begin, act, acts, heard, lines, clock, drafts };
}

const row = (text: string) => ({
  ...{ guid: text, rowId: 1, text, sender: "+15550100123", fromMe: false, sentAt: 0, attachments: [] },
  chat: { id: 7, guid: "" },
});

describe("a turn that runs on another machine than its account", () => {
  it("is told of at its account, looked at once more, and told what it may do there", async () => {
    const { desk, macs, turn, begin, heard, lab, clock, store, claim } = await house({
      preparation: { refresh: async ({ envelope }) => ({ ...envelope, text: "edited" }) },
    });
    desk.start();
    expect(macs.actionsOf(turn).offers({} as Actor)).toEqual([]);
    expect((await begin())?.text).toBe("edited");
    expect(macs.actionsOf(turn).offers({} as Actor)).toEqual([{ name: "react", offered: true, why: null }]);
    expect([macs.can("default", "poll"), macs.can("default", "voice"), macs.can("work", "poll")]).toEqual([
      true,
      false,
      false,
    ]);
    expect(await macs.showsBubble(turn)).toBe(true);
    expect(await macs.isRetried(turn)).toBe(true);
    await store.turns.end(claim, { outcome: "done", replies: [] }, clock.now(), false);
    await lab.until(() => heard.length === 2);
    expect(heard).toEqual(["t started", "t done"]);
  });

  it("ends at once when nothing is left to answer", async () => {
    const { desk, begin } = await house({ preparation: { refresh: async () => undefined } });
    desk.start();
    expect(await begin()).toBeUndefined();
  });

  it("has its owner's rights judged at its account, not by who runs it", async () => {
    const guest = await house();
    guest.desk.start();
    await guest.begin();
    expect(await guest.act("react", { messageId: "7k", emoji: "love" }, 2)).toEqual(
      ok({ MessageSidFull: "guid" }),
    );
    expect(guest.acts[0]).toMatchObject({
      actor: { turnId: "t", run: 1, isOwner: false, home: { target: { kind: "chat_id", chatId: 7 } } },
      action: "react",
      parameters: { messageId: "7k", emoji: "love" },
      occasion: 2,
    });
    const owner = await house({ isOwner: true });
    owner.desk.start();
    await owner.begin();
    await owner.act("react", { messageId: "7k", emoji: "love" });
    expect(owner.acts[0]!.actor.isOwner).toBe(true);
  });

  it("gets no tool there that its people do not have, and a refusal as it is", async () => {
    const refusing = await house({
      account: {
        actions: { act: async () => err(new TapbackError("ACTION_OFF", "off", { hint: "on" })) } as never,
      },
    });
    refusing.desk.start();
    expect(await refusing.act("react", {})).toMatchObject({ ok: false, error: { code: "NO_TURN" } });
    await refusing.begin();
    const refused = await refusing.act("react", { messageId: "7k", emoji: "love" });
    expect(refused).toMatchObject({ ok: false, error: { code: "ACTION_OFF", message: "off", hint: "on" } });
    const deny = { guests: { members: ["+15550100123"], tools: { deny: ["message", "history"] } } };
    const denied = await house({ rest: { accessGroups: deny } });
    denied.desk.start();
    await denied.begin();
    expect(await denied.act("react", {})).toMatchObject({ ok: false, error: { code: "TOOL_DENIED" } });
    expect(denied.acts).toEqual([]);
  });

  it("does no more than a turn may, whoever counts", async () => {
    const { desk, begin, act, acts } = await house();
    desk.start();
    await begin();
    let last: Awaited<ReturnType<typeof act>> | undefined;
    for (let count = 0; count <= 100; count++)
      last = await act("react", { messageId: "7k", emoji: "love" }, count);
    expect(last).toMatchObject({ ok: false, error: { code: "TOO_MANY_ACTIONS" } });
    expect(acts).toHaveLength(100);
  });

  it("reads the past of its own chat at the Mac, and what the journal kept while nobody is there", async () => {
    const { desk, begin, macs, turn, lab } = await house();
    const past = macs.historyOf(turn)!;
    desk.start();
    await begin();
    expect((await past.recent(9)).map(({ text }) => text)).toEqual(["before that", "said in 7"]);
    expect((await past.search("said", 9)).map(({ text }) => text)).toEqual(["said in 7"]);
    desk.stop();
    let kept: unknown;
    void past.recent(9).then((entries) => {
      kept = entries;
    });
    await lab.until(() => kept !== undefined);
    expect(kept).toEqual([]);
  });

  it("sends a file of its own machine, and none of the gateway's by its path", async () => {
    const { desk, begin, act, acts, lab, shared } = await house();
    desk.start();
    await begin();
    const path = put(lab.folder, "work/plan.txt", "a plan");
    await act("upload-file", { media: path, text: "see" });
    const [{ actor, parameters }] = acts as [(typeof acts)[0]];
    expect(parameters).toEqual({ media: path, text: "see" });
    expect([...actor.files.given!]).toEqual([[path, { name: "plan.txt", bytes: Buffer.from("a plan") }]]);
    expect(await actor.files.check(path)).toMatchObject({ ok: false, error: { code: "FILE_MISSING" } });
    expect(actor.files.folder).toBe(join(lab.folder, "gateway/outgoing"));
    const buffer = Buffer.from("bytes").toString("base64");
    await act("upload-file", { buffer, filename: "b.txt" });
    expect(acts[1]!.parameters).toEqual({ buffer, filename: "b.txt" });
    // What passes through the store is no text there.
    const asked = [...shared.kept.values()].filter(({ kind }) => kind === "act");
    expect(JSON.stringify(asked.map(({ parameters: given }) => given))).not.toContain(buffer);
  });

  it("gets the files that came with it, which are gone with its end", async () => {
    const { desk, begin, macs, turn, lab, shared, store, claim, clock, heard } = await house({
      preparation: {
        ready: async ({ envelope, id }) => {
          const path = put(lab.folder, `gateway/turns/${id}/in/1/photo.jpg`, "a photo");
          const [message] = envelope.messages;
          const attachments = [
            { path, mimeType: "image/jpeg", bytes: 7, name: "photo.jpg" },
            { mimeType: "image/png", bytes: 9, name: "late.png", note: "did not come" },
          ];
          return {
            envelope: { ...envelope, messages: [{ ...message!, attachments }], notes: ["capped"] },
            notes: ["FILE_MISSING: late.png"],
          };
        },
      },
    });
    desk.start();
    const shown = (await begin())!;
    const file = { mimeType: "image/jpeg", bytes: 7, name: "photo.jpg" };
    const told = {
      ...{ ...shown, notes: ["told before"] },
      messages: [{ ...shown.messages[0]!, attachments: [file] }],
    };
    const { signal } = new AbortController();
    const { envelope, notes } = await macs.preparation.ready({ ...turn, envelope: told }, signal);
    const [photo, late] = envelope.messages[0]!.attachments;
    expect(photo!.path).toBe(join(lab.folder, "worker/turns/t/in/1/photo.jpg"));
    expect(readFileSync(photo!.path!, "utf8")).toBe("a photo");
    expect(late).toEqual({ mimeType: "image/png", bytes: 9, name: "late.png", note: "did not come" });
    expect([envelope.notes, notes]).toEqual([["told before", "capped"], ["FILE_MISSING: late.png"]]);
    expect(existsSync(join(lab.folder, "gateway/turns/t/in"))).toBe(false);
    expect(shared.files.size).toBe(1);
    await store.turns.end(claim, { outcome: "done", replies: [] }, clock.now(), false);
    await lab.until(() => heard.includes("t done") && shared.files.size === 0);
    expect(existsSync(dirname(photo!.path!))).toBe(true);
  });

  it("runs with what is stored of it while nobody has its account, and asks for nothing afterwards", async () => {
    const { begin, turn, lab, lines, shared, desk, heard } = await house();
    let envelope: unknown;
    void begin().then((given) => {
      envelope = given;
    });
    await lab.until(() => envelope !== undefined);
    expect(envelope).toEqual(turn.envelope);
    expect(lines).toEqual([expect.stringContaining("a turn runs with what is stored of it")]);
    expect(shared.kept.size).toBe(0);
    desk.start();
    expect(heard).toEqual([]);
  });

  it("runs with what is stored of it also where nobody hears that its errand was taken back", async () => {
    const { begin, turn, lab, lines, shared, store } = await house();
    const { withdraw } = store.errands!;
    Object.assign(store.errands!, {
      withdraw: async (id: number) => {
        await withdraw(id);
        shared.tell();
        throw new Error("the connection broke after the commit");
      },
    });
    let envelope: unknown;
    void begin().then((given) => {
      envelope = given;
    });
    await lab.until(() => envelope !== undefined);
    expect(envelope).toEqual(turn.envelope);
    expect(lines).toEqual([expect.stringContaining("a turn runs with what is stored of it")]);
  });

  it("is over here when it runs elsewhere, and waits again at its account where it was given back", async () => {
    const { begin, desk, store, claim, act, heard, lab, acts } = await house();
    desk.start();
    await begin();
    await store.turns.release(claim);
    expect(await act("react", { messageId: "7k", emoji: "love" })).toMatchObject({
      ok: false,
      error: { code: "NO_TURN" },
    });
    await lab.until(() => heard.length === 2);
    expect(heard).toEqual(["t started", "t waits"]);
    expect(acts).toEqual([]);
  });

  it("does nothing for a run whose turn runs again by the time that its errand is carried out", async () => {
    const { begin, desk, store, claim, act, acts, turn } = await house();
    desk.start();
    await begin();
    // It was taken while the turn was this run's.
    const known = store.turns.get;
    store.turns.get = async (id) => ({ ...(await known.call(store.turns, id))!, attempt: turn.attempt + 1 });
    expect(await act("react", { messageId: "7k", emoji: "love" })).toMatchObject({
      ok: false,
      error: { code: "NO_TURN" },
    });
    expect(acts).toEqual([]);
    expect((await known.call(store.turns, claim.id))?.state).toBe("running");
  });

  it("lets only what waits in its own session be looked at", async () => {
    const seen: string[] = [];
    const { begin, desk, macs, lab, store } = await house({
      preparation: { isAsWritten: async ({ id }) => seen.push(id) > 9 },
    });
    desk.start();
    await begin();
    await lab.queue("next");
    await lab.queue("elsewhere", { session: "other" });
    expect(await macs.preparation.isAsWritten((await store.turns.get("next"))!)).toBe(false);
    expect(await macs.preparation.isAsWritten((await store.turns.get("elsewhere"))!)).toBe(true);
    expect(seen).toEqual(["next"]);
  });
});

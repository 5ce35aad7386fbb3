import { afterEach, describe, expect, it } from "vitest";
import { GatewayLab } from "../support/gateway-lab.js";

const owner = "+15550100999";
const mia = "+15550100123";
const sam = "+15550100321";

let lab: GatewayLab;
afterEach(async () => {
  await lab.close();
});

interface DraftRow {
  id: string;
  state: string;
  to: string;
  parts: { kind: string; text?: string }[];
  for: { text: string } | null;
}

/** A gateway whose answers to Mia wait for the owner's yes. */
async function reviewing(imessage: Record<string, unknown> = {}, rest: Record<string, unknown> = {}) {
  lab = new GatewayLab();
  lab.configure(
    { allowFrom: [mia, owner], review: "on", ...imessage },
    { commands: { ownerAllowFrom: [owner] }, ...rest },
  );
  await lab.startHere();
}

const drafts = async (...options: string[]): Promise<DraftRow[]> =>
  JSON.parse((await lab.run("drafts", "list", "--json", ...options)).stdout);
/** What the owner was asked, oldest first, with the message's GUID. */
const asked = () => lab.mac.sent().filter((row) => row.handle === owner && row.text.startsWith("To "));
const gotBy = (handle: string, count: number) => lab.until(() => lab.got(handle).length >= count);
const isAsked = (count: number) => lab.until(() => asked().length >= count);

describe("drafts", { timeout: 120_000 }, () => {
  it("hold what is written to others, and send it once after the owner's yes", async () => {
    await reviewing();
    lab.mac.say(mia, "are we on for six?");
    await isAsked(1);
    expect(asked()[0]!.text).toMatch(/^To \+15550100123: re: are we on for six\?\n1\. Send\n2\. Drop\n/);
    const [draft] = await drafts();
    expect(draft).toMatchObject({ state: "held", to: mia, for: { text: "are we on for six?" } });
    expect(draft!.parts).toEqual([{ kind: "text", text: "re: are we on for six?" }]);
    expect(lab.got(mia)).toEqual([]);
    lab.mac.say(owner, "1");
    await gotBy(mia, 1);
    await lab.until(() => lab.got(owner).includes("Sent to +15550100123."));
    // What an owner asks is answered in the owner's own chat at once.
    lab.mac.say(owner, "hello");
    await lab.until(() => lab.got(owner).includes("re: hello"));
    expect(lab.got(mia)).toEqual(["re: are we on for six?"]);
    expect(await drafts()).toEqual([]);
    const explained = JSON.parse((await lab.run("explain", "1", "--json")).stdout);
    expect(explained.drafts).toMatchObject([{ id: draft!.id, state: "sent", decidedBy: owner }]);
    expect((await lab.run("explain", "1")).stdout).toContain(`Draft ${draft!.id} to ${mia}: sent`);
    expect(lab.envelopes()[0]!.notes.join()).toContain("waits as a draft until an owner says yes");
  });

  it("go in the owner's words, drop on a dislike, and are told to the agent", async () => {
    await reviewing();
    lab.mac.say(mia, "first");
    await isAsked(1);
    lab.mac.say(owner, "Better at *seven*.", asked()[0]!.guid);
    await gotBy(mia, 1);
    expect(lab.got(mia)).toEqual(["Better at seven."]);
    lab.mac.say(mia, "second");
    await isAsked(2);
    lab.mac.react(owner, asked()[1]!, "dislike");
    await lab.until(async () => (await drafts("--all")).some(({ state }) => state === "dropped"));
    lab.mac.say(mia, "third");
    await isAsked(3);
    lab.mac.react(owner, asked()[2]!, "like");
    await gotBy(mia, 2);
    expect(lab.got(mia)).toEqual(["Better at seven.", "re: third"]);
    const notes = lab.envelopes().map((envelope) => envelope.notes.join("\n"));
    expect(notes[1]).toMatch(/An owner sent other words to .*: Better at seven\./);
    expect(notes[2]).toMatch(/An owner dropped the draft/);
    const lines = (await lab.run("drafts", "export")).stdout.trim().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { asked: "first", drafted: ["re: first"], sent: ["Better at seven."], state: "sent" },
      { asked: "second", drafted: ["re: second"], sent: null, state: "dropped" },
      { asked: "third", drafted: ["re: third"], sent: ["re: third"], state: "sent" },
    ]);
  });

  it("wait over a restart, are marked when a newer message comes, and go by their name", async () => {
    await reviewing();
    lab.mac.say(mia, "one");
    await isAsked(1);
    const [first] = await drafts();
    await lab.stop();
    await lab.startHere();
    lab.mac.say(mia, "two");
    await lab.until(() =>
      lab.got(owner).some((text) => text.includes("There is a newer message in the chat")),
    );
    await isAsked(2);
    expect((await drafts()).map(({ state }) => state).sort()).toEqual(["held", "overtaken"]);
    // A plain number means the draft that answers what was written last.
    lab.mac.say(owner, "1");
    await gotBy(mia, 1);
    expect(lab.got(mia)).toEqual(["re: two"]);
    const { code, stdout } = await lab.run("drafts", "send", first!.id, "--json");
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { id: first!.id, state: "sent" }]);
    await gotBy(mia, 2);
    expect(lab.got(mia)).toEqual(["re: two", "re: one"]);
    const again = await lab.run("drafts", "drop", first!.id, "--json");
    expect([again.code, JSON.parse(again.stdout).error.code]).toEqual([1, "DRAFT_SETTLED"]);
    const unknown = await lab.run("drafts", "show", "zzzz", "--json");
    expect([unknown.code, JSON.parse(unknown.stdout).error.code]).toEqual([1, "DRAFT_UNKNOWN"]);
  });

  it("are asked for again at the send: nothing goes to somebody who is let in no more", async () => {
    await reviewing({ allowFrom: [owner], dmPolicy: "allowlist", dms: {} });
    lab.configure(
      { allowFrom: [mia, owner], dmPolicy: "allowlist", review: "on" },
      { commands: { ownerAllowFrom: [owner] } },
    );
    await lab.until(() => lab.log.includes("configuration changed"));
    lab.mac.say(mia, "hello");
    await isAsked(1);
    const [draft] = await drafts();
    const before = lab.log.split("configuration changed").length;
    lab.configure(
      { allowFrom: [owner], dmPolicy: "allowlist", review: "on" },
      { commands: { ownerAllowFrom: [owner] } },
    );
    await lab.until(() => lab.log.split("configuration changed").length > before);
    expect((await lab.run("drafts", "send", draft!.id)).code).toBe(0);
    await lab.until(() => lab.got(owner).some((text) => text.includes("was refused")));
    expect(lab.got(mia)).toEqual([]);
  });

  it("are changed at the command line, and asked about anew with what they read then", async () => {
    await reviewing();
    lab.mac.say(mia, "hello");
    await isAsked(1);
    const [draft] = await drafts();
    expect((await lab.run("drafts", "edit", draft!.id, "--message", "Good evening.")).code).toBe(0);
    await isAsked(2);
    expect(asked()[1]!.text).toMatch(/^To \+15550100123: Good evening\.\n1\. Send/);
    lab.mac.say(owner, "yes");
    await gotBy(mia, 1);
    expect(lab.got(mia)).toEqual(["Good evening."]);
  });

  it("let an owner write to somebody who was let in nowhere, and bring the answer back to that owner", async () => {
    const agent = {
      type: "command",
      command: process.execPath,
      args: [`${import.meta.dirname}/../fixtures/acting-agent.mjs`],
      output: "jsonl",
    };
    await reviewing(
      { allowFrom: [owner], dmPolicy: "allowlist", review: "off" },
      { agents: { list: [{ id: "main", runtime: agent }] } },
    );
    lab.mac.say(owner, JSON.stringify({ action: "send", to: sam, text: "I am late." }));
    await isAsked(1);
    expect(asked()[0]!.text).toMatch(/^To \+15550100321: I am late\.\n1\. Send/);
    expect(lab.got(sam)).toEqual([]);
    lab.mac.say(owner, "1");
    await gotBy(sam, 1);
    lab.mac.say(sam, "No hurry!");
    await lab.until(() => lab.got(owner).includes("+15550100321 answers you: No hurry!"));
    expect(lab.got(sam)).toEqual(["I am late."]);
    // The yes was for that one message.
    lab.mac.say(owner, JSON.stringify({ action: "send", to: sam, text: "Here now." }));
    await isAsked(2);
    expect(lab.got(sam)).toEqual(["I am late."]);
  });

  it("are refused by the configuration where no owner can decide", async () => {
    lab = new GatewayLab();
    lab.configure({ dmPolicy: "open", allowFrom: ["*"], review: "on" });
    const { code, stdout } = await lab.run("config", "validate", "--json");
    expect([code, JSON.parse(stdout).errors[0].path]).toEqual([3, "channels.imessage.review"]);
  });
});

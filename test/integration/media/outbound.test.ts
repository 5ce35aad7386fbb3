import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { messagesWorld } from "../../../src/testing/index.js";
import { casesOf } from "../../support/cases.js";
import { MediaLab } from "../../support/media-lab.js";
import { heads, png, pngOf, put } from "../../support/sample-files.js";

const megabyte = 1024 * 1024;

it("sends each file of an answer as it was when it was named, whatever its agent does with it until it ends", async () => {
  const world = await messagesWorld({
    agents: {
      main: async (turn) => {
        const { text, temporaryFolder } = turn;
        for (const part of ["first", "second"]) {
          turn.say(part, [put(temporaryFolder!, "own/chart.txt", `${part} of ${text}`)]);
          await turn.sleep(1000);
        }
        rmSync(temporaryFolder!, { recursive: true });
        if (text === "fails") throw new Error("broken");
        return "done";
      },
    },
  });
  try {
    const [guest, other] = [world.person("+15550100123"), world.person("+15550100456")];
    guest.says("one");
    other.says("fails");
    await world.settles();
    const files = ({ received }: typeof guest) => received.flatMap(({ attachments }) => attachments);
    expect(files(guest).map((path) => readFileSync(path, "utf8"))).toEqual(["first of one", "second of one"]);
    expect(files(other)).toEqual([]);
    const left = ["turns", "outgoing"].map((name) => join(world.stateDir, name));
    for (const folder of left) expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
  } finally {
    await world.close();
  }
});

describe.each(casesOf(["0.14.0", "0.9.0"], 1))("files that go out, imsg %s", (version) => {
  const lab = new MediaLab({ version, bridge: true, sip: "disabled" });
  const { gateway } = lab;
  const { mac } = gateway;
  const outgoing = join(gateway.folder, "state/outgoing");
  const workspace = join(gateway.folder, "work");

  beforeAll(() => lab.startHere({ mediaMaxMb: 1, outbound: { perChatPerMinute: 100 } }), 30_000);
  afterAll(() => gateway.close());

  const sent = (handle: string) => mac.transcript(handle).filter(({ from }) => from === "me");
  /** What a person got, once so many messages are there: the words, or the names of files. */
  const got = async (handle: string, count: number) => {
    await gateway.until(() => sent(handle).length >= count);
    return sent(handle).flatMap(({ text, attachments }) =>
      attachments.length > 0 ? attachments.map((path) => basename(path)) : [text],
    );
  };
  const isEmpty = (folder: string) => !existsSync(folder) || readdirSync(folder).length === 0;
  const nothingWaits = () => gateway.until(() => isEmpty(outgoing));
  const notesOf = async (guid: string) => {
    await lab.turnOf(guid);
    let notes: string[] = [];
    await gateway.until(async () => {
      const { turn } = JSON.parse((await gateway.run("explain", guid, "--json")).stdout);
      notes = turn.notes;
      return turn.endedAt !== null;
    });
    return notes;
  };

  it("come back as they were sent, after the words, and leave nothing behind", async () => {
    const mia = "+15550100123";
    mac.sendFiles(mia, [lab.file("one.png", png), lab.file("two.pdf", heads.pdf)], "back");
    expect(await got(mia, 3)).toEqual(["re: back", "one.png", "two.pdf"]);
    expect(readFileSync(sent(mia)[1]!.attachments[0]!)).toEqual(png);
    await nothingWaits();
    // A turn's folder goes once the turn is over, which may be after its last file.
    await gateway.until(() => isEmpty(join(gateway.folder, "state/turns")));
  });

  it("are at most twenty of one answer, and explain tells of the rest", async () => {
    const sam = "+15550100456";
    const guid = mac.say(sam, "make 23");
    const names = Array.from({ length: 20 }, (_, i) => `made ${i}.png`);
    expect(await got(sam, 21)).toEqual(["re: make", ...names]);
    expect(await notesOf(guid)).toEqual(["TOO_MANY_FILES: 3 files beyond the 20 of one answer are not sent"]);
  });

  it("are measured and judged when they are named", async () => {
    const kim = "+15550100789";
    put(workspace, "exact.png", pngOf(megabyte));
    put(workspace, "over.png", pngOf(megabyte + 1));
    put(workspace, "plain", png);
    symlinkSync("/etc/passwd", join(workspace, "link.txt"));
    const guid = mac.say(kim, "named exact.png over.png plain link.txt /etc/passwd gone.png");
    expect(await got(kim, 3)).toEqual(["re: named", "exact.png", "plain.png"]);
    expect((await notesOf(guid)).map((note) => note.split(":")[0])).toEqual([
      "FILE_REFUSED",
      "FILE_REFUSED",
      "FILE_MISSING",
      "FILE_TOO_LARGE",
    ]);
  });

  it("are sent by a person too: several, with words, as a voice message, as bytes", async () => {
    const ada = "+15550100321";
    mac.say(ada, "quiet");
    await gateway.until(() => lab.turns().some(({ envelope }) => envelope.sender.handle === ada));
    const send = (...args: string[]) =>
      gateway.run("message", ...args, "--target", `chat_id:${mac.chatId(ada)}`, "--json");
    const voice = lab.file("memo.caf", heads.caf);
    const done = [
      await send(
        "send",
        "--message",
        "two",
        "--media",
        lab.file("a.png", png),
        "--media",
        lab.file("b.png", png),
      ),
      await send("upload", "--path", voice, "--as-voice"),
      await send(
        "upload",
        "--buffer",
        png.toString("base64"),
        "--filename",
        "../../plot",
        "--message",
        "a plot",
      ),
    ];
    expect(done.map(({ stdout }) => JSON.parse(stdout).error)).toEqual([undefined, undefined, undefined]);
    expect(await got(ada, 6)).toEqual(["two", "a.png", "b.png", "memo.caf", "plot.png", "a plot"]);
    const refused = [
      await send("upload", "--path", lab.file("song.png", png), "--as-voice"),
      await send("send", "--media", lab.file("huge.png", pngOf(megabyte + 1))),
      await send("send", "--media", lab.file("x.png", png), ...Array(20).fill(["--media", voice]).flat()),
      await send("send", "--media", join(gateway.folder, "nowhere.png")),
    ];
    expect(refused.map(({ stdout, stderr }) => JSON.parse(stdout || stderr).error?.code)).toEqual([
      "FILE_NOT_AUDIO",
      "FILE_TOO_LARGE",
      "ACTION_PARAMETERS",
      "FILE_MISSING",
    ]);
    expect(sent(ada)).toHaveLength(6);
    await nothingWaits();
  });
});

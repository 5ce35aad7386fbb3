import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MediaLab } from "../../support/media-lab.js";
import { heads, png } from "../../support/sample-files.js";

const mia = "+15550100123";
const sam = "+15550100456";
const lab = new MediaLab({ converter: true });
const { gateway } = lab;
const { mac } = gateway;
const programs = join(gateway.folder, "programs");
const log = join(gateway.folder, "converted");

/** A stand-in for a converter: notes what it was asked for, and writes what the real one would, or fails. */
function program(name: string, content: Buffer | undefined): void {
  const made = content
    ? `fs.writeFileSync(args.at(-1), Buffer.from("${content.toString("hex")}", "hex"));`
    : "process.exit(1);";
  writeFileSync(
    join(programs, name),
    `#!${process.execPath}
const fs = require("fs");
const args = process.argv.slice(2);
fs.appendFileSync("${log}", ["${name}", ...args.map((arg) => arg.split("/").at(-1))].join(" ") + "\\n");
${made}`,
    { mode: 0o755 },
  );
}

beforeAll(async () => {
  mkdirSync(programs);
  program("sips", undefined);
  program("ffmpeg", heads.jpeg);
  await lab.start(
    { coalesceSameSenderDms: true, groupPolicy: "open", groups: { "*": { requireMention: true } } },
    { PATH: `${programs}:${process.env.PATH}` },
    {
      messages: { groupChat: { mentionPatterns: ["@bot\\b"] }, inbound: { byChannel: { imessage: 700 } } },
    },
  );
}, 30_000);
afterAll(() => gateway.close());

describe("files of Apple's own kinds", () => {
  it("are turned into common ones by the first program that can", async () => {
    const guid = mac.sendFiles(mia, [lab.file("IMG_2041.HEIC", heads.heic)], "the whiteboard");
    expect(await lab.filesOf(guid)).toMatchObject([
      { name: "IMG_2041.jpg", mimeType: "image/jpeg", bytes: heads.jpeg.length },
    ]);
    expect(readFileSync(log, "utf8").split("\n").slice(0, 2)).toEqual([
      "sips -s format jpeg 1.heic --out 1.made.jpg",
      "ffmpeg -nostdin -v error -protocol_whitelist file -f mov -i 1.heic -frames:v 1 -q:v 3 -update 1 1.made.jpg",
    ]);
  });

  it("come in the variant that imsg made, and a voice message with what was said", async () => {
    const guid = mac.sendFiles(sam, [lab.file("Audio Message.caf", heads.caf)], "call me back");
    expect((await lab.turnOf(guid)).envelope.text).toBe("call me back");
    expect(await lab.filesOf(guid)).toMatchObject([
      {
        name: "Audio Message.m4a",
        mimeType: "audio/mp4",
        note: "a voice message; the text is its transcription",
      },
    ]);
  });
});

describe("files and the turns that carry them", () => {
  it("are merged with the words that follow, and are no repeat of one another", async () => {
    const kim = "+15550100789";
    mac.sendFiles(kim, [lab.file("one.png", png)]);
    mac.sendFiles(kim, [lab.file("two.png", png)], "look");
    mac.sendFiles(kim, [lab.file("three.png", png)], "look");
    const guid = mac.say(kim, "which one?");
    const { envelope, looked } = await lab.turnOf(guid);
    expect(envelope.messages).toHaveLength(4);
    expect(envelope.text).toBe("look\nlook\nwhich one?");
    expect(looked.map(({ name }) => name)).toEqual(["one.png", "two.png", "three.png"]);
  });

  it("come with the context of a group", async () => {
    const made = JSON.parse(
      await gateway.sim("group", "create", "--name", "Climbing", "--members", `${mia},${sam}`, "--json"),
    );
    const chatId = made.chat_id ?? made.id;
    mac.sendFiles(sam, [lab.file("wall.png", png)], "", chatId);
    const guid = mac.sendFiles(mia, [], "@bot what is that?", chatId);
    const { envelope, looked } = await lab.turnOf(guid);
    expect(envelope.context).toMatchObject([{ sender: sam, text: "", attachments: [{ name: "wall.png" }] }]);
    expect(looked).toMatchObject([{ name: "wall.png", read: png.length }]);
  });
});

describe("the demo agent", () => {
  const demo = new MediaLab();

  beforeAll(
    () => demo.startHere({}, { agents: { list: [{ id: "main", runtime: { type: "demo" } }] } }),
    30_000,
  );
  afterAll(() => demo.gateway.close());

  it("lists pictures, and sends them back when it is asked to", async () => {
    const { mac: phone } = demo.gateway;
    const sent = () => phone.transcript(mia).filter(({ from }) => from === "me");
    phone.sendFiles(mia, [demo.file("a.png", png), demo.file("empty.png", "")]);
    await demo.gateway.until(() => sent().length === 1);
    expect(sent()[0]!.text).toBe(
      `I got 2 files:\n• a.png (image/png, ${png.length} bytes)\n• empty.png (image/png, 0 bytes), which I could not open: the file is empty`,
    );
    phone.sendFiles(mia, [demo.file("b.png", png)], "echo");
    await demo.gateway.until(() => sent().length === 2);
    expect(basename(sent()[1]!.attachments[0]!)).toBe("b.png");
    expect(readFileSync(sent()[1]!.attachments[0]!)).toEqual(png);
  });
});

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "../../../src/platform/index.js";
import { bubblesFor } from "../../faults/harness/answers.js";
import { simulatorPath } from "../../faults/harness/gateway-process.js";
import { Random } from "../../faults/harness/random.js";
import { until } from "../../faults/harness/wait.js";
import { conversationOverCuts } from "../../support/cuts.js";
import { RemoteHouse } from "../../support/remote-house.js";
import { noSshd } from "../../support/sshd.js";

const mia = "+15550100123";

describe.skipIf(noSshd)(`Messages on a Mac behind a real sshd ${noSshd ?? ""}`, () => {
  let house: RemoteHouse;
  beforeAll(async () => {
    house = await RemoteHouse.open();
    const remoteAttachmentRoots = [join(house.folder, "Attachments")];
    await (await house.configure({ includeAttachments: true, remoteAttachmentRoots })).start();
  });
  afterAll(async () => house?.close());

  /** Names of the files that left, in order, and whether each is a voice message. */
  const filesSent = () => {
    const database = openDatabase(house.mac.dbPath, { readOnly: true });
    try {
      return database
        .prepare(
          `SELECT a.transfer_name AS name, a.filename AS path, m.is_audio_message AS voice FROM attachment a
           JOIN message_attachment_join j ON j.attachment_id = a.ROWID JOIN message m ON m.ROWID = j.message_id
           WHERE m.is_from_me = 1 ORDER BY m.ROWID`,
        )
        .all()
        .map(({ name, path, voice }) => ({ name, path: String(path), voice: Boolean(voice) }));
    } finally {
      database.close();
    }
  };

  it("answers who writes, and shows nothing of this machine's own checks", async () => {
    house.mac.say(mia, "q1 parts");
    expect(await house.got(mia, bubblesFor("q1 parts").length)).toEqual(bubblesFor("q1 parts"));
    const { code, stdout } = await house.tapback(["channels", "status", "--probe", "--json"]);
    const [account] = JSON.parse(stdout).accounts;
    expect(account.verdict).toBe("works");
    expect(account.stages[0]).toMatchObject({ name: "ssh", ok: true, detail: "mac lets us in" });
    const rpc = account.stages.find(({ name }: { name: string }) => name === "rpc");
    expect(rpc.detail).toMatch(/^imsg \d+\.\d+\.\d+ answers$/);
    expect(code).toBe(0);
  });

  it("sends a picture and a voice message from here, and leaves nothing on the Mac but what Messages keeps", async () => {
    const folder = join(house.folder, "album of $HOME");
    mkdirSync(folder);
    const picture = join(folder, "two words; $(touch PWNED) *.png");
    const memo = join(folder, "memo.caf");
    writeFileSync(picture, Buffer.from("89504e470d0a1a0a", "hex"));
    writeFileSync(memo, "caff");
    const target = ["--channel", "imessage", "--target", `chat_id:${house.mac.chatId(mia)}`];
    expect(await house.tapback(["message", "send", ...target, "--media", picture])).toMatchObject({
      code: 0,
    });
    const voice = ["message", "upload", ...target, "--path", memo, "--as-voice"];
    expect(await house.tapback(voice)).toMatchObject({ code: 0, stderr: "" });
    const sent = filesSent();
    expect(sent).toMatchObject([
      { name: "two words; $(touch PWNED) *.png", voice: false },
      { name: "memo.caf", voice: true },
    ]);
    expect(readFileSync(sent[1]!.path, "utf8")).toBe("caff");
    await until(
      () => readdirSync(house.sshd.tmp).length === 0,
      () => readdirSync(house.sshd.tmp).join(),
    );
  });

  it("fetches a picture that somebody sends, for the agent alone", async () => {
    const picture = join(house.folder, "IMG 0001 $(touch PWNED).png");
    writeFileSync(picture, Buffer.from("89504e470d0a1a0a0000", "hex"));
    const words = ["say", "--from", mia, "--text", "q3 plain", "--attach", picture, "--db", house.mac.dbPath];
    execFileSync(process.execPath, [simulatorPath, ...words]);
    const files = () => house.agent.runs.flatMap((run) => run.files ?? []);
    await until(
      () => files().length > 0,
      () => house.log,
    );
    const [file] = files();
    expect(file!.path.startsWith(house.stateDir)).toBe(true);
    expect(Buffer.from(file!.content, "base64").toString("hex")).toBe("89504e470d0a1a0a0000");
  });

  it("says when a host key has changed, lets nobody in, and goes on when it is trusted", async () => {
    await house.sshd.changeHostKey();
    house.sshd.line.cut();
    const status = async () =>
      JSON.parse((await house.tapback(["channels", "status", "--json"])).stdout).accounts[0];
    await until(
      async () => (await status()).verdict.includes("host key of the Mac is not the one that is known"),
      () => house.log,
    );
    // The log is another pipe than the answer.
    await until(
      () => house.log.includes("SSH_HOST_KEY_CHANGED"),
      () => house.log,
    );
    house.mac.say(mia, "q2 plain");
    house.sshd.trust();
    await until(
      () => house.textsTo(mia).at(-1) === "answer to q2",
      () => house.log,
    );
  });
});

describe.skipIf(noSshd)("a line that breaks", () => {
  it("loses and doubles nothing", { tags: ["long"] }, async () => {
    const result = await conversationOverCuts(4, new Random(7));
    expect(result).toEqual({ lost: [], doubled: [], unsettled: {}, enough: true });
  });
});

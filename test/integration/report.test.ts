import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { GatewayLab } from "../support/gateway-lab.js";

const mia = "+15550100123";
const sam = "sam@example.com";

let lab: GatewayLab;
afterEach(async () => {
  await lab.close();
});

describe("report", { timeout: 90_000 }, () => {
  it("tells the story without people, texts, paths and secrets", async () => {
    lab = new GatewayLab({ names: { [mia]: "Mia Wong" } });
    lab.configure(
      { allowFrom: [mia], name: "zoesphone", dms: { [mia]: { historyLimit: 2 } } },
      {
        session: { dmScope: "per-peer", identityLinks: { mietze: [mia] } },
        messages: { responsePrefix: "Greetings from Quebec:" },
        models: { providers: { local: { baseUrl: "http://gandalf:1234/v1", apiKey: "sk-verysecret" } } },
      },
    );
    await lab.startHere();
    lab.mac.say(mia, "the treasure lies in Lisbon");
    lab.mac.say(sam, "who is there?");
    lab.mac.say(mia, "fail in Lisbon");
    await lab.until(() => lab.mac.sent().length >= 3);
    const read = async (name: string) => {
      const file = join(lab.folder, name);
      const { code, stdout } = await lab.run("report", "--out", file, "--json");
      expect(code).toBe(0);
      expect(JSON.parse(stdout).path).toBe(file);
      return readFileSync(file, "utf8");
    };
    const text = await read("one.json");
    const telling = [
      "Mia",
      "Wong",
      mia,
      mia.slice(2),
      sam,
      "sam@",
      "treasure",
      "Lisbon",
      "zoesphone",
      "mietze",
      "Quebec",
    ];
    for (const word of [...telling, "sk-verysecret", "gandalf", lab.folder]) expect(text).not.toContain(word);
    const { journal, configuration, versions } = JSON.parse(text);
    expect(versions.node).toBe(process.version);
    const inbound = journal.filter(({ fromMe }: { fromMe: boolean }) => !fromMe);
    const [last, second, first] = inbound;
    expect(first.text).toBe("xxx xxxxxxxx xxxx xx Xxxxxx");
    expect(first.sender).toMatch(/^\+\d{11}$/);
    expect(last.sender).toBe(first.sender);
    expect(configuration.channels.imessage.allowFrom).toEqual([first.sender]);
    expect(Object.keys(configuration.channels.imessage.dms)).toEqual([first.sender]);
    expect(second.sender).toMatch(/^[a-z]{3}@[a-z]{7}\.[a-z]{3}$/);
    expect(second.decision).toMatchObject({ kind: "pairing", reason: "pairing_offered" });
    expect(last.turn).toMatchObject({ state: "failed", error: { code: "AGENT_EXIT" } });
    await becomesTest(join(lab.folder, "one.json"));
    // The next report knows these people under other names.
    expect(JSON.parse(await read("two.json")).configuration.channels.imessage.allowFrom).not.toEqual([
      first.sender,
    ]);
  });
});

/** The test that is made of the report plays it, and fails where a turn did. */
async function becomesTest(report: string): Promise<void> {
  // Inside the package, so that its name leads to the built files.
  const folder = mkdtempSync(join(import.meta.dirname, "../.report-"));
  try {
    const file = join(folder, "report.test.mjs");
    const made = await lab.run("report", "--as-test", report, "--out", file, "--json");
    expect(made.code).toBe(0);
    expect(JSON.parse(made.stdout)).toMatchObject({ path: file, messages: 3 });
    const { status, stdout } = spawnSync(process.execPath, ["--test", "--test-reporter=spec", file], {
      encoding: "utf8",
    });
    expect(stdout).toMatch(/was not answered: its turn is failed/);
    expect(status).toBe(1);
    const other = await lab.run("report", "--as-test", report, "--wrong", "999");
    expect(other.stderr).toContain("MESSAGE_NOT_FOUND");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

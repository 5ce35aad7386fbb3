import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Ran } from "../support/command-here.js";
import { GatewayLab } from "../support/gateway-lab.js";

const mia = "+41791234567";
const kim = "kim@example.com";

let lab: GatewayLab;

beforeAll(async () => {
  lab = new GatewayLab();
  lab.configure({ allowFrom: [mia], region: "CH" });
  await lab.startHere();
  lab.mac.say(mia, "one\ntwo\u001b[2J\u202e\u001b[8mthree");
  lab.mac.say(kim, "hello");
  await lab.until(() => lab.got(mia).length > 0 && lab.got(kim).length > 0);
}, 60_000);

afterAll(async () => {
  await lab.stop();
  await lab.close();
});

const senders = ({ stdout }: Ran) => (JSON.parse(stdout) as { sender: string }[]).map(({ sender }) => sender);

describe("tapback inbox", () => {
  it.each([
    ["imessage:+41 79 123 45 67", mia],
    ["079 123 45 67", mia],
    [`chat_identifier:${mia}`, mia],
    [`chat_guid:any;-;${mia}`, mia],
    ["KIM@Example.com", kim],
  ])("finds the chat %s", async (chat, sender) => {
    expect(senders(await lab.run("inbox", "--chat", chat, "--json"))).toEqual([sender]);
  });

  it("takes an account in any spelling, and names those that there are", async () => {
    expect(senders(await lab.run("inbox", "--account", "Default", "--json"))).toEqual([mia, kim]);
    for (const command of ["inbox", "schedule list", "retry --failed"]) {
      const { code, stdout } = await lab.run(...command.split(" "), "--account", "wrok", "--json");
      expect(code).toBe(1);
      expect(JSON.parse(stdout)).toEqual({
        error: {
          code: "ACCOUNT_UNKNOWN",
          message: "there is no account wrok",
          hint: "Accounts are default.",
        },
      });
    }
  });

  it("writes nothing that a stranger could do to the terminal", async () => {
    const [, row] = (await lab.run("inbox")).stdout.split("\n");
    expect(row).toMatch(/one two\[2J\[8mthree$/);
  });
});

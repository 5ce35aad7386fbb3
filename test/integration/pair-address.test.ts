import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { GatewayLab } from "../support/gateway-lab.js";
import { python } from "../support/python.js";

const mia = "+15550100123";
const number = "+15550100999";
const terminal = join(import.meta.dirname, "../fixtures/terminal.py");
const main = join(import.meta.dirname, "../../dist/cli/main.js");

let lab: GatewayLab;
afterEach(() => lab.close());

const shown = async () => JSON.parse((await lab.run("pair", "--no-wait", "--json")).stdout);

describe("the address that pair shows", { timeout: 300_000 }, () => {
  it("is asked of the running gateway where the terminal may not read the database", async () => {
    lab = new GatewayLab({ me: [number] });
    // Somebody wrote before there was a gateway: its journal knows nothing of that.
    lab.mac.say(mia, "earlier");
    const imsg = join(lab.folder, "judged");
    writeFileSync(
      imsg,
      `#!/bin/sh\n[ -n "$IS_PERMITTED" ] || { echo 'authorization denied (code: 23)' >&2; exit 1; }\nexec '${join(lab.folder, "imsg")}' "$@"\n`,
      { mode: 0o755 },
    );
    lab.configure({ cliPath: imsg });
    expect(await shown()).toMatchObject({ address: null, link: null });
    await lab.startHere({ IS_PERMITTED: "1" });
    expect(await shown()).toMatchObject({ address: number, link: `sms:${number}` });
    const drawn = await lab.run("pair", "--no-wait", "--qr");
    expect(drawn.stdout).toContain(`or open  sms:${number}\n`);
    expect(drawn.stdout).toMatch(/▀.*▄/s);
  });

  it("is the account's own where nothing was ever received, a number before an e-mail address", async () => {
    lab = new GatewayLab({ me: ["bot@example.com", number], bridge: true });
    lab.configure();
    expect(await shown()).toMatchObject({ address: number });
    await lab.startHere();
    expect(await shown()).toMatchObject({ address: number });
  });

  it("is asked of the person where nobody tells, once", { tags: ["long"] }, async () => {
    lab = new GatewayLab();
    lab.configure();
    const pair = (steps: object[]) => {
      const env: NodeJS.ProcessEnv = {
        ...process.env,
        HOME: lab.folder,
        TAPBACK_STATE_DIR: join(lab.folder, "state"),
        TAPBACK_CONFIG: join(lab.folder, "tapback.json5"),
        TERM: "xterm-256color",
      };
      const words = [terminal, JSON.stringify(steps), process.execPath, main, "pair", "--no-wait"];
      return JSON.parse(spawnSync(python, words, { encoding: "utf8", env }).stdout);
    };
    const asked = pair([
      { see: "Which number or address", type: "nobody\r" },
      { see: "A number, e.g.", type: "\u007f\u007f\u007f\u007f\u007f\u007f+1 (555) 010-0999\r" },
    ]);
    expect(asked).toMatchObject({ code: 0, missed: null });
    expect(asked.output).toContain(`or open  sms:${number}`);
    const again = pair([]);
    expect(again.output).not.toContain("Which number");
    expect(again.output).toContain(`or open  sms:${number}`);
    expect(await shown()).toMatchObject({ address: number });
  });
});

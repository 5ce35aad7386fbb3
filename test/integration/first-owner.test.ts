import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { GatewayLab } from "../support/gateway-lab.js";

const mia = "+15550100123";
const stranger = "+15550100777";

let lab: GatewayLab;

beforeEach(() => {
  lab = new GatewayLab();
});

afterEach(async () => {
  await lab.stop();
  await lab.close();
});

/** Somebody asks to be let in where one person is let in by name. */
async function codeOfStranger(): Promise<string> {
  lab.configure({ allowFrom: [mia] });
  await lab.start();
  await lab.sim("say", "--from", stranger, "--text", "May I?");
  await lab.until(() => lab.got(stranger).length === 1);
  return /[A-Z2-9]{8}/.exec(lab.got(stranger)[0]!)![0];
}

it("makes no stranger an owner beside the one person who is let in by name", async () => {
  const code = await codeOfStranger();
  const { stdout } = await lab.run("pairing", "approve", code, "--json");
  expect(JSON.parse(stdout)).toMatchObject({ approved: stranger, owner: false });
});

it("makes nobody the owner while the file that may name owners cannot be read, and says that there is one", async () => {
  const code = await codeOfStranger();
  appendFileSync(join(lab.folder, "tapback.json5"), "broken");
  const { stdout } = await lab.run("pairing", "approve", code, "--json");
  expect(JSON.parse(stdout)).toMatchObject({ approved: stranger, owner: false });
  // Whoever is the only one in allowFrom is the owner (behaviour 12).
  await lab.sim("say", "--from", stranger, "--text", "/config show");
  await lab.until(() => lab.got(stranger).length === 2);
  expect(lab.got(stranger)[1]).toBe("This command is for owners, over iMessage.");
});

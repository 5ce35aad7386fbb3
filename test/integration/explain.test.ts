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

it("tells what answered a message without a turn: a command, a pairing code", async () => {
  lab.configure({ allowFrom: [mia] });
  await lab.start();
  for (const [from, text] of [
    [stranger, "May I?"],
    [mia, "/whoami"],
  ] as const) {
    await lab.sim("say", "--from", from, "--text", text);
    await lab.until(() => lab.got(from).length === 1);
    await lab.until(async () => {
      const { stdout } = await lab.run("explain", "last", "--json");
      const { replies } = JSON.parse(stdout) as { replies: { state: string }[] };
      return replies.length === 1 && !["pending", "sending"].includes(replies[0]!.state);
    });
    const { stdout } = await lab.run("explain", "last", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      turn: null,
      replies: [{ text: lab.got(from)[0], error: null }],
    });
    const story = (await lab.run("explain", "last")).stdout;
    expect(story).toMatch(/\nReply 1: (stored|delivered)/);
    expect(story).toContain(`  | ${lab.got(from)[0]!.split("\n")[0]}`);
  }
});

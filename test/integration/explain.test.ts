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
  await lab.startHere();
  for (const [from, text] of [
    [stranger, "May I?"],
    [mia, "/whoami"],
  ] as const) {
    const guid = lab.mac.say(from, text);
    await lab.until(() => lab.got(from).length === 1);
    await lab.until(() =>
      lab.look(async (store) => {
        const { pending, sending } = await store.outbox.counts("default");
        return pending + sending === 0 && (await store.journal.findByGuid(guid))?.state === "done";
      }),
    );
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

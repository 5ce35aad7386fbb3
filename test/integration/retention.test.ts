import { afterEach, expect, it } from "vitest";
import { GatewayLab } from "../support/gateway-lab.js";

const mia = "+15550100123";

let lab: GatewayLab;
afterEach(() => lab.close());

it("forgets what people wrote soon after a start, and keeps what was decided", async () => {
  lab = new GatewayLab({}, "dist-test");
  lab.configure({ allowFrom: [mia] }, { gateway: { retentionDays: 0 } });
  await lab.start({ TAPBACK_TEST_FORGET_MS: "60000" });
  lab.mac.say(mia, "the secret word");
  await lab.until(() => lab.got(mia).length === 1);
  await lab.stop();
  expect((await lab.run("explain", "1", "--json")).stdout).toContain("the secret word");
  await lab.start({ TAPBACK_TEST_FORGET_MS: "50" });
  const told = async () => (await lab.run("explain", "1", "--json")).stdout;
  await lab.until(async () => !(await told()).includes("the secret word"));
  expect(JSON.parse(await told())).toMatchObject({
    decision: "dispatch",
    sender: mia,
    turn: { state: "done" },
  });
});

import { afterEach, beforeEach, expect, it } from "vitest";
import { GatewayLab } from "../support/gateway-lab.js";

const mia = "+15550100123";

let lab: GatewayLab;

beforeEach(() => {
  lab = new GatewayLab();
});

afterEach(async () => {
  await lab.stop();
  await lab.close();
});

it("says in a line or two what is wrong with a change, without places in a file that is not at hand", async () => {
  lab.configure({ allowFrom: [mia] }, { commands: { config: true } });
  await lab.startHere();
  lab.mac.say(mia, "/config set channels.imessage.dmPolcy open");
  await lab.until(() => lab.got(mia).length === 1);
  expect(lab.got(mia)[0]).toBe(
    "channels.imessage.dmPolcy: unknown key; did you mean dmPolicy?\nNothing was changed.",
  );
});

it("takes a change as it is typed on a phone, and as other systems have it", async () => {
  lab.configure({ allowFrom: [mia] }, { commands: { config: true } });
  await lab.startHere();
  const asked = [
    "/config set messages.responsePrefix=“[bot]”",
    "/config show messages.responsePrefix",
    "/config set channels.imessage.groupAllowFrom [“+15550100124”]",
    "/config get channels.imessage.groupAllowFrom",
    "/config set messages.failureReply Sorry, “later”",
    "/config get messages.failureReply",
  ];
  const changes = () => lab.log.split("configuration changed").length;
  for (const [index, text] of asked.entries()) {
    const before = changes();
    lab.mac.say(mia, text);
    await lab.until(() => lab.got(mia).length === index + 1);
    // What is shown is what holds.
    if (text.startsWith("/config set")) await lab.until(() => changes() > before);
  }
  expect(lab.got(mia)).toEqual([
    "Set messages.responsePrefix.",
    "[bot]",
    "Set channels.imessage.groupAllowFrom.",
    '[\n "+15550100124"\n]',
    "Set messages.failureReply.",
    "Sorry, “later”",
  ]);
});

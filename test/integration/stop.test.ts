import { afterEach, expect, it } from "vitest";
import { GatewayLab } from "../support/gateway-lab.js";

const mia = "+15550100123";
const sam = "+15550100124";

let lab: GatewayLab;

afterEach(async () => {
  await lab.stop();
  await lab.close();
});

it("answers /stop at once behind a long answer, and sends nothing of its rest, over a restart too", async () => {
  lab = new GatewayLab();
  lab.configure({
    allowFrom: [mia, sam],
    textChunkLimit: 10,
    maxBubbles: 20,
    outbound: { perChatPerMinute: 3 },
  });
  await lab.start();
  lab.mac.say(mia, "flood 1000");
  const lines = ["line 0000", "line 0001", "line 0002"];
  await lab.until(() => lab.got(mia).length === 3);
  // The budget of the minute is used up: the rest waits for the next one.
  const held = (await lab.look((store) => store.outbox.counts("default"))).pending;
  expect(held).toBeGreaterThan(0);
  lab.mac.say(mia, "/stop");
  const stopped = "Stopped: the rest of the answer is not sent.";
  await lab.until(() => lab.got(mia).length === 4);
  expect(lab.got(mia)).toEqual([...lines, stopped]);
  await lab.stop();
  await lab.start();
  // Another person is answered meanwhile, and nothing is left that could be sent later.
  lab.mac.say(sam, "hey?");
  await lab.until(() => lab.got(sam).length === 1);
  expect(lab.got(mia)).toEqual([...lines, stopped]);
  const left = await lab.look((store) => store.outbox.list({ states: ["pending", "sending"], limit: 50 }));
  expect(left.filter(({ text }) => !text?.startsWith("re: hey?"))).toEqual([]);
  const ended = await lab.look((store) => store.outbox.list({ states: ["not_sent"], limit: 50 }));
  expect(ended.map(({ error }) => error?.code)).toEqual(Array.from({ length: 17 }, () => "STOPPED"));
});

import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { openExistingStore } from "../../src/store/index.js";
import { closeWorlds, mia, nativeWorld } from "../support/native-world.js";
import { until } from "../support/process-alive.js";

// A busy machine starts a gateway in seconds; how long it takes proves nothing.
vi.setConfig({ testTimeout: 90_000 });
afterEach(closeWorlds);

const stranger = "+15550100777";

it("names the person where Messages does not find the chat", async () => {
  const { world, sent } = await nativeWorld({ version: "0.9.0" });
  world.fault({ kind: "send-error", error: -1728, by: "chat" });
  const { chatId } = world.say({ from: mia, text: "hello" });
  await until("the answer is there", () => sent(chatId).length > 0);
  expect(
    world
      .requests()
      .filter(({ method }) => method === "send")
      .map(({ params }) => params),
  ).toMatchObject([{ chat_id: chatId }, { to: mia, service: "imessage" }]);
});

it("offers a code again to somebody whom it surely did not reach", async () => {
  const { world, sent, stateDir } = await nativeWorld(
    { version: "0.9.0" },
    { dmPolicy: "pairing", allowFrom: [mia] },
  );
  const look = openExistingStore(join(stateDir, "state.db"))!;
  // Both names of the conversation are refused once.
  world.fault({ kind: "send-error", error: -1728, times: 2 });
  const { chatId } = world.say({ from: stranger, text: "may I?" });
  const isUnsent = async () => (await look.pairing.pending(Date.now()))[0]?.isUnsent === true;
  await until("the code has surely not left", isUnsent);
  expect(sent(chatId)).toEqual([]);
  world.say({ from: stranger, text: "hello?" });
  await until("the code is there", () => sent(chatId).length > 0);
  const [request] = await look.pairing.pending(Date.now());
  await look.close();
  expect(sent(chatId)).toEqual([expect.stringContaining(request!.code)]);
  expect(request).toMatchObject({ handle: stranger, text: "may I?" });
});

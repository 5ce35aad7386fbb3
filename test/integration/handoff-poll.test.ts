import { afterEach, expect, it } from "vitest";
import { closeWorlds, mia, nativeWorld } from "../support/native-world.js";
import { until } from "../support/process-alive.js";

afterEach(closeWorlds);

// A poll from 0.15 on leaves its question as a message of its own (protocol reference 20; behaviour 10.4).
it("answers after a poll of its own, whose caption nobody wrote by hand, and not after the human's words", async () => {
  const settings = { version: "0.15.10", bridge: true, watchHoldMs: 20 } as const;
  const { world, said, sent, act } = await nativeWorld(settings, { handoff: { quietMinutes: 15 } });
  // The helper dies over the caption's answer: its GUID is told by nothing.
  world.fault({ kind: "caption", stored: true, times: 1 });
  const poll = { chatId: said.chatId, question: "Which lake?", options: ["North", "South"] };
  expect(await act("poll", poll)).toMatchObject({ MessageSidFull: expect.any(String) });
  expect(sent(said.chatId)).toContain("Which lake?");
  world.say({ from: mia, text: "echo still here" });
  await until("it is answered", () => sent(said.chatId).includes("still here"));

  world.say({ from: "me", chat: said.chatId, text: "I take over" });
  const before = sent(said.chatId).length;
  const quiet = world.say({ from: mia, text: "echo nobody" });
  world.say({ from: mia, text: "/whoami" });
  await until("the command is answered", () => sent(said.chatId).length > before);
  const after = world.transcript(said.chatId).filter(({ id, from }) => id > quiet.id && from === "me");
  expect(after.map(({ text }) => text).join()).not.toContain("nobody");
});

import { expect, it } from "vitest";
import { directMessage, groupMessage } from "../../../test/support/message.js";
import { loopNotice } from "./texts.js";

it("names a chat that answers itself by its person, or by its group", () => {
  const mia = { ...directMessage(), senderName: "Mia" };
  expect(loopNotice(mia).text).toMatch(/^The chat with Mia answered itself/);
  const { senderName: _, ...unnamed } = mia;
  expect(loopNotice(unnamed).text).toContain(`with ${mia.sender} answered`);
  const group = groupMessage();
  expect(loopNotice({ ...group, chat: { ...group.chat, name: "Trip" } }).text).toContain(
    "with Trip answered",
  );
  expect(loopNotice({ ...group, chat: { ...group.chat, name: "" } }).text).toContain(
    `with chat_id:${group.chat.id} answered`,
  );
});

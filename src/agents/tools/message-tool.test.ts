import { expect, it } from "vitest";
import { fakeTurn } from "../../../test/support/agent-turn.js";
import { messageTool } from "./message-tool.js";

it("shows a model the actions on offer, and the parameters of those alone", () => {
  const turn = fakeTurn("hi", { offered: ["react", "send"] });
  const { inputSchema, description } = messageTool(turn.message.offered())!.definition;
  expect(description).toContain("react(messageId, emoji?, remove?); send(text?, media?)");
  expect(inputSchema).toMatchObject({
    type: "object",
    required: ["action"],
    properties: {
      action: { type: "string", enum: ["react", "send"] },
      remove: { type: "boolean" },
      media: { type: "array", items: { type: "string" } },
    },
  });
  expect(Object.keys(inputSchema.properties!)).toEqual([
    ...["action", "to", "messageId", "emoji", "remove", "text", "media"],
  ]);
});

it("hands on what else a model says, for the action to judge", async () => {
  const turn = fakeTurn("hi", { offered: ["react"] });
  const tool = messageTool(turn.message.offered())!;
  await tool.run({ action: "react", message_id: 12, reaction: "love", colour: "red" }, turn);
  expect(turn.acted).toEqual([
    { action: "react", parameters: { message_id: 12, reaction: "love", colour: "red" } },
  ]);
  await expect(tool.run({ action: "edit" }, turn)).rejects.toThrow('"action" must be "react", not "edit"');
});

import { expect, it } from "vitest";
import { actionNames } from "../../actions/index.js";
import { channelTools } from "./tools.js";

interface Schema {
  type: string;
  properties: Record<string, { type?: string; description?: string; items?: object; enum?: string[] }>;
  required: string[];
}

it("offers a session every tool of a turn, each for the message that it names (behaviour 20.4)", async () => {
  const tools = await channelTools();
  expect(tools.map(({ name }) => name)).toEqual(["reply", "message", "history", "schedule", "ask"]);
  for (const { name, description, inputSchema } of tools) {
    const { type, properties, required } = inputSchema as unknown as Schema;
    expect([name, type, description.length > 0]).toEqual([name, "object", true]);
    expect(properties.turn_id).toEqual({ type: "string", description: expect.stringMatching(/\w/) });
    expect(required[0]).toBe("turn_id");
    expect(new Set(required).size).toBe(required.length);
    // What the tool takes itself is there too.
    expect(Object.keys(properties).length).toBeGreaterThan(1);
  }
  const [reply, message] = tools.map(({ inputSchema }) => inputSchema as unknown as Schema);
  expect(reply!.required).toEqual(["turn_id", "text"]);
  expect(reply!.properties).toMatchObject({
    text: { type: "string", description: expect.stringMatching(/\w/) },
    files: { type: "array", items: { type: "string" }, description: expect.stringMatching(/\w/) },
  });
  // Clients ask once, so what another conversation cannot do is among them.
  expect(message!.properties.action!.enum).toEqual(actionNames);
});

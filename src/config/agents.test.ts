import { describe, expect, it } from "vitest";
import { acpSettingsFor, defaultAgentId, resolveAgent, resolveAgents } from "./agents.js";
import { parseConfig } from "./index.js";

async function configOf(source: string) {
  const result = await parseConfig(source);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value.config;
}

describe("agents", () => {
  it("are one built-in `main` where none is listed: a demo, or over the model that is configured", async () => {
    expect(resolveAgents(await configOf("{}"))).toEqual([
      {
        id: "main",
        name: "main",
        identity: {},
        sendTo: [],
        mentionPatterns: [],
        runtime: { type: "demo" },
        timeoutSeconds: 600,
      },
    ]);
    const model = await configOf('{ agents: { defaults: { model: "ollama/x" } } }');
    expect(resolveAgents(model)).toMatchObject([{ id: "main", model: "ollama/x", runtime: { type: "llm" } }]);
  });

  it("take what they do not set from the defaults", async () => {
    const config = await configOf(`{
      agents: {
        defaults: { workspace: "~/w", timeoutSeconds: 60 },
        list: [
          { id: "A One" },
          { id: "b", default: true, model: "openai/x", workspace: "/b", groupChat: { mentionPatterns: [] }, identity: { name: "Bo" } },
        ],
      },
      messages: { groupChat: { mentionPatterns: ["bot"] } },
    }`);
    expect(resolveAgents(config)).toMatchObject([
      {
        id: "a-one",
        name: "a-one",
        workspace: "~/w",
        mentionPatterns: ["bot"],
        runtime: { type: "demo" },
        timeoutSeconds: 60,
      },
      { id: "b", name: "Bo", workspace: "/b", mentionPatterns: [], runtime: { type: "llm" } },
    ]);
    expect(defaultAgentId(config)).toBe("b");
    expect(resolveAgent(config, "a ONE")?.id).toBe("a-one");
    expect(resolveAgent(config, "main")).toBeUndefined();
  });

  it("take ACP settings from the binding, then the runtime, then the block", async () => {
    const config = await configOf(`{
      acp: { agent: "gemini", mode: "oneshot", cwd: "/all", permissionTimeoutSeconds: 5 },
      agents: { list: [{ id: "x", runtime: { type: "acp", acp: { command: "npx", args: ["-y", "a"], cwd: "/x" } } }, { id: "codex" }] },
      bindings: [{ type: "acp", agentId: "x", match: {}, acp: { agent: "claude", label: "l" } }],
    }`);
    expect(acpSettingsFor(config, "x")).toEqual({
      agent: "gemini",
      backend: "direct",
      mode: "oneshot",
      cwd: "/x",
      command: "npx",
      args: ["-y", "a"],
    });
    expect(acpSettingsFor(config, "x", config.bindings[0])).toEqual({
      agent: "claude",
      backend: "direct",
      mode: "oneshot",
      cwd: "/x",
      label: "l",
    });
    expect(acpSettingsFor(await configOf("{}"), "codex")).toMatchObject({
      agent: "codex",
      mode: "persistent",
    });
  });
});

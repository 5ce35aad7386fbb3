import { expect, it } from "vitest";
import { parseConfig } from "../config/index.js";
import { agentFacts } from "./agents.js";

it("names a model for agents that use it, and for no others", async () => {
  const source = `{
    models: { providers: { house: { baseUrl: "http://127.0.0.1:1/v1" } } },
    agents: {
      defaults: { model: "anthropic/claude-sonnet-4-5" },
      list: [
        { id: "main", runtime: { type: "llm" } },
        { id: "own", model: "house/qwen3", runtime: { type: "llm" } },
        { id: "runtime", model: "house/qwen3", runtime: { type: "llm", model: "house/small" } },
        { id: "coder", runtime: { type: "acp", acp: { agent: "codex" } } },
        { id: "set", runtime: { type: "acp", acp: { agent: "codex", model: "gpt-5-codex" } } },
        { id: "program", runtime: { type: "command", command: "answer" } },
        { id: "service", runtime: { type: "http", url: "http://127.0.0.1:1/" } },
        { id: "live", runtime: { type: "channel" } },
        { id: "demo", runtime: { type: "demo" } },
      ],
    },
  }`;
  const parsed = await parseConfig(source);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const models = agentFacts(parsed.value.config).map(({ id, model }) => [id, model]);
  expect(Object.fromEntries(models)).toEqual({
    ...{ main: "anthropic/claude-sonnet-4-5", own: "house/qwen3", runtime: "house/small" },
    ...{ coder: null, set: "gpt-5-codex" },
    ...{ program: null, service: null, live: null, demo: null },
  });
});

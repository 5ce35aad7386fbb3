import { describe, expect, it } from "vitest";
import { importedFrom as run } from "../../test/support/imported-from.js";
import { numberFor, treeOf } from "../config/fitting/index.js";

const me = "$" + "{ME}";
const lee = "+15550000002";

describe("a list that is closed", () => {
  /** Of two agents without a default only the one that a binding names answers, so that the list has to be closed. */
  const source = (peer: string) =>
    JSON.stringify({
      channels: { imessage: { dmPolicy: "allowlist", allowFrom: [me, lee] } },
      agents: { entries: { a: {}, b: {} } },
      bindings: [{ agentId: "a", match: { channel: "imessage", peer: { kind: "direct", id: peer } } }],
    });

  it.each([
    ["is not set", {}, ["ME"]],
    ["is set", { ME: "+15550100" }, []],
  ])("keeps the variable of somebody, which %s", async (_, env, unset) => {
    const { config, text, missing } = await run("openclaw", source(lee), [], env);
    expect(treeOf(config.channels).imessage).toMatchObject({
      dmPolicy: "allowlist",
      allowFrom: [lee],
      groupAllowFrom: [me, lee],
    });
    expect(missing).toEqual(unset);
    expect(text).not.toContain(numberFor("ME"));
  });

  it.each([
    ["is not set", {}],
    ["is set", { ME: "+15550100" }],
  ])("names who is left in it by the variable, which %s", async (_, env) => {
    const { config, text } = await run("openclaw", source(me), [], env);
    expect(treeOf(config.channels).imessage).toMatchObject({ allowFrom: [me], groupAllowFrom: [me, lee] });
    expect(text).not.toContain(numberFor("ME"));
    expect(text).not.toContain("+15550100");
  });
});

describe("a binding", () => {
  const imported = (id: unknown, env: Record<string, string> = {}, more: object = {}, kind = "direct") =>
    run(
      "remoteclaw",
      JSON.stringify({
        channels: { imessage: { allowFrom: [me, lee], groupAllowFrom: [lee] } },
        agents: { list: [{ id: "public", default: true }, { id: "private" }] },
        bindings: [
          { agentId: "private", match: { channel: "imessage", peer: { kind, id }, ...more } },
          {
            agentId: "private",
            match: { channel: "imessage", peer: { kind: "direct", id: "kim@example.com" } },
          },
        ],
      }),
      [],
      env,
    );
  const bound = (id: string, kind = "direct") => ({
    agentId: "private",
    match: { channel: "imessage", peer: { kind, id } },
  });
  const ofKim = bound("kim@example.com");

  it.each([
    ["is not set", {}],
    ["is set", { ME: "+15550100" }],
  ])("keeps a person in a variable that %s", async (_, env) => {
    const { config, access } = await imported(me, env);
    expect(config.bindings).toEqual([bound(me), ofKim]);
    expect(access).toEqual({ gained: [], lost: [] });
  });

  it.each([
    ["is no number as it was compared there", me, { ME: "5550100" }],
    ["our rules refuse", "foo:1", {}],
  ])("is left out whole, and no other, where its peer %s", async (_, id, env) => {
    const { config, report } = await imported(id, env as Record<string, string>);
    expect(config.bindings).toEqual([ofKim]);
    expect(report.filter(({ key }) => key.startsWith("bindings[0]"))).toEqual([
      { key: "bindings[0]", action: "dropped", why: expect.stringMatching(/peer|known prefix/) },
    ]);
  });

  it("keeps a group whose number is in a variable, and is left out where that is not set", async () => {
    const chat = "$" + "{CHAT}";
    const { config, access } = await imported(chat, { CHAT: "42" }, {}, "group");
    expect(config.bindings).toEqual([bound(`chat_id:${chat}`, "group"), ofKim]);
    expect(access).toEqual({ gained: [], lost: [] });
    const unset = await imported(chat, {}, {}, "group");
    expect(unset.config.bindings).toEqual([ofKim]);
    expect(unset.of("bindings[0]")).toEqual({
      key: "bindings[0]",
      action: "dropped",
      why: "$" + "{CHAT} is not set: set it, and import again",
    });
  });

  it("goes to the agent whose name is in a variable, and is left out where that is not set", async () => {
    const at = (env: Record<string, string>) =>
      run(
        "remoteclaw",
        JSON.stringify({
          channels: { imessage: {} },
          agents: { list: [{ id: "public", default: true }, { id: "agent" }, { id: "private" }] },
          bindings: [{ agentId: "$" + "{AGENT}", match: { channel: "imessage" } }],
        }),
        [],
        env,
      );
    expect((await at({ AGENT: "private" })).config.bindings).toMatchObject([{ agentId: "$" + "{AGENT}" }]);
    const { config, of } = await at({});
    expect(config.bindings).toBeUndefined();
    expect(of("bindings[0]")?.why).toContain("is not set");
  });
});

it("keeps a model in a variable, and a wrong one beside it is left out with its own reason", async () => {
  const { config, of, missing } = await run(
    "openclaw",
    `{ channels: { imessage: {} }, agents: { defaults: { model: "\${MODEL}" }, list: [{ id: "a", model: "nobody/x" }] } }`,
  );
  expect(config.agents).toEqual({ defaults: { model: "$" + "{MODEL}" }, list: [{ id: "a" }] });
  expect(of("agents.list[0].model")?.why).toContain('there is no provider "nobody"');
  expect(missing).toEqual(["MODEL"]);
});

it("writes as text what is no variable there, whose names are in capitals", async () => {
  const written = {
    list: [{ id: "a", systemPrompt: `shell like \${name} and \${Name_1}, $\${kept} and \${ME}` }],
  };
  const old = { env: { name: "x" }, channels: { imessage: {} }, agents: written };
  const { config, missing } = await run("remoteclaw", JSON.stringify(old), [], {
    name: "secret",
    Name_1: "secret",
  });
  expect(config.agents).toEqual({
    list: [{ id: "a", systemPrompt: `shell like $\${name} and $\${Name_1}, $\${kept} and \${ME}` }],
  });
  expect(missing).toEqual(["ME"]);
});

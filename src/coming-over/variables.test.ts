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

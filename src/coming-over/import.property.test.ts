import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runsOf } from "../../test/support/property-runs.js";
import { parseConfig } from "../config/index.js";
import { type Dialect, importConfig } from "./index.js";

describe("importing anything", () => {
  const word = fc.constantFrom(
    ..."channels imessage bluebubbles accounts groups allowFrom groupAllowFrom dmPolicy groupPolicy open agents list entries defaults".split(
      " ",
    ),
    ..."id model primary runtime type acp bindings match peer kind routing agent session identityLinks models providers".split(
      " ",
    ),
    ..."apiKey messages streaming catchup actions dms work 42 * __proto__ constructor main default enabled".split(
      " ",
    ),
  );
  const value = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { depthSize: "large", withCrossShrink: true },
      fc.constantFrom<unknown>(
        null,
        true,
        5,
        -1,
        "*",
        "+15550100",
        "open",
        "acp",
        "main",
        "",
        "$" + "{X}",
        {},
        [],
      ),
      fc.array(tie("any"), { maxLength: 3 }),
      fc.dictionary(word, tie("any"), { maxKeys: 5 }),
    ),
  })).any;

  it("never fails, and always gives a valid configuration that lets nobody in who was out", async () => {
    const old = fc.record(
      {
        channels: value,
        imessage: value,
        agents: value,
        bindings: value,
        routing: value,
        models: value,
        session: value,
      },
      { requiredKeys: [] },
    );
    const dialects = fc.constantFrom<Dialect>("openclaw", "remoteclaw", "clawdbot", "bluebubbles");
    await fc.assert(
      fc.asyncProperty(dialects, old, async (dialect, tree) => {
        const { text, access } = await importConfig({ dialect, old: tree, approved: [], chats: [], env: {} });
        expect(await parseConfig(text, { X: "x" })).toMatchObject({ ok: true });
        expect(access.gained).toEqual([]);
      }),
      runsOf(200),
    );
  });

  it("lets nobody in who was out, however policies, lists and accounts are put together", async () => {
    const dollar = "$";
    const policy = fc.constantFrom<unknown>(
      "open",
      "allowlist",
      "disabled",
      "pairing",
      "x",
      `${dollar}{X}`,
      null,
    );
    const people = fc.constantFrom<unknown>(
      [],
      ["*"],
      ["+15550100"],
      ["+15550100", "nobody:1"],
      ["nobody:1"],
      [`${dollar}{X}`],
      [`${dollar}{BAD}`],
      "*",
      null,
    );
    const group = fc.record(
      { allowFrom: people, enabled: fc.constantFrom(true, false, "x") },
      { requiredKeys: [] },
    );
    const key = fc.constantFrom(
      "*",
      "42",
      "chat_id:42",
      "iMessage;+;chat88",
      "chat_guid:iMessage;+;chat99",
      "climbing",
    );
    const rules = {
      enabled: fc.constantFrom<unknown>(true, false, "x"),
      dmPolicy: policy,
      groupPolicy: policy,
      allowFrom: people,
      groupAllowFrom: people,
      groups: fc.dictionary(key, group, { maxKeys: 3 }),
    };
    const account = fc.record(rules, { requiredKeys: [] });
    const block = fc.record(
      { ...rules, accounts: fc.dictionary(fc.constantFrom("a", "b"), account, { maxKeys: 2 }) },
      { requiredKeys: [] },
    );
    const place = fc.constantFrom("imessage", "bluebubbles", "clawdbot");
    const chats = fc.constantFrom([], [{ id: 12, guid: "any;+;chat88", identifier: "chat88" }]);
    await fc.assert(
      fc.asyncProperty(place, block, policy, chats, async (where, written, groupPolicy, known) => {
        const old =
          where === "clawdbot"
            ? { imessage: written }
            : { channels: { [where]: written, defaults: { groupPolicy } } };
        const dialect = where === "imessage" ? "openclaw" : (where as Dialect);
        const env = { BAD: "nobody:2" };
        const { text, access } = await importConfig({ dialect, old, approved: [], chats: known, env });
        expect(await parseConfig(text, { ...env, X: "+15550199" })).toMatchObject({ ok: true });
        expect(access.gained).toEqual([]);
      }),
      runsOf(300),
    );
  });
});

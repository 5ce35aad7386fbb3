import { expect, it } from "vitest";
import { importedFrom as run } from "../../test/support/imported-from.js";
import { namedOwners } from "../access/index.js";
import { type Tree, treeOf } from "../config/fitting/index.js";
import { parseConfig } from "../config/index.js";

const kim = "+15550000002";
const lee = "+15550000003";

/** Imports owners beside a list of one. @returns who owns here, and what is told of it */
async function owning(commands: object | undefined, more: Tree = {}) {
  const output = await run(
    "openclaw",
    JSON.stringify({
      channels: { imessage: { dmPolicy: "allowlist", allowFrom: [kim] } },
      commands,
      ...more,
    }),
  );
  const parsed = await parseConfig(output.text);
  if (!parsed.ok) throw new Error("unreadable");
  const told = output.notes.filter((note) => note.startsWith("Nobody is an owner"));
  return { ...output, owners: namedOwners(parsed.value.config, "default"), told };
}

it.each<[string, unknown]>([
  ["of other channels", ["telegram:123456"]],
  ["by a chat", ["chat_id:7"]],
  ["with everyone", ["*"]],
  ["in another form", "telegram:123456"],
])("makes nobody an owner in the place of owners who were named %s", async (_, ownerAllowFrom) => {
  const { owners, told, config, of, access } = await owning({ ownerAllowFrom, config: true });
  expect(owners).toEqual([]);
  expect(config.commands).toEqual({ config: true, ownerAllowFrom: [] });
  expect(told).toEqual([expect.stringContaining("commands.ownerAllowFrom named nobody")]);
  expect(of("commands.ownerAllowFrom")).toMatchObject({ action: "translated" });
  expect(access).toEqual({ gained: [], lost: [] });
});

it("keeps owners whom Messages knows, and makes none of others", async () => {
  const { owners, told } = await owning({ ownerAllowFrom: ["telegram:123456", lee] });
  expect([owners, told]).toEqual([[lee], []]);
  const same = await owning({ ownerAllowFrom: [kim] });
  expect([same.owners, same.told]).toEqual([[kim], []]);
  expect(same.of("commands.ownerAllowFrom")).toMatchObject({ action: "kept" });
});

it("leaves the one sender an owner where no list of owners was written", async () => {
  const { owners, told, config } = await owning(undefined);
  expect([owners, told, config.commands]).toEqual([[kim], [], undefined]);
});

it("makes nobody an owner who is left alone in a list that is closed", async () => {
  const bound = (allowFrom: string[]) => ({
    channels: { imessage: { dmPolicy: "allowlist", allowFrom } },
    // Whom no binding names is answered by nobody there.
    agents: { entries: { a: {}, b: {} } },
    bindings: [{ agentId: "a", match: { channel: "imessage", peer: { kind: "direct", id: kim } } }],
  });
  const { owners, config, told } = await owning(undefined, bound([kim, lee]));
  expect(treeOf(config.channels).imessage).toMatchObject({ allowFrom: [kim] });
  expect([owners, told.length]).toEqual([[], 1]);
  const named = await owning({ ownerAllowFrom: [lee] }, bound([kim, lee]));
  expect(named.owners).toEqual([lee]);
});

it.each<[object, boolean]>([
  [{ allowFrom: [kim] }, true],
  [{ allowFrom: [kim, "imessage:+1 (555) 000-0002"] }, true],
  [{ dmPolicy: "open", allowFrom: ["*"] }, false],
  [{ allowFrom: [kim, lee] }, false],
  [{ allowFrom: [] }, false],
  [{ allowFrom: [kim, lee], accounts: { a: {}, b: { allowFrom: [kim] } } }, true],
])("says that nobody is an owner where the policy names none: %j (%s)", async (imessage, has) => {
  const { told } = await owning(undefined, { channels: { imessage } });
  expect(told).toHaveLength(has ? 0 : 1);
});

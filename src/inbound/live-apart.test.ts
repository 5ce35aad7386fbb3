import { expect, it } from "vitest";
import { directMessage } from "../../test/support/message.js";
import { parseConfig, resolveAccount } from "../config/index.js";
import { rulesFor } from "./compile-rules.js";

/** The sessions of two people, whose agent has this runtime. */
async function sessionsOf(runtime: object, dmScope = "main"): Promise<string[]> {
  const parsed = await parseConfig(
    JSON.stringify({ agents: { list: [{ id: "main", runtime }] }, session: { dmScope } }),
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const { config } = parsed.value;
  const rules = rulesFor(config, resolveAccount(config, "default")!, {});
  return ["+15550100001", "+15550100002"].map(
    (sender) => rules.sessionOf(directMessage({ sender }), undefined).sessionKey,
  );
}

it("keeps the chats of a running session apart, unless the owner says how they mix (behaviour 20.4)", async () => {
  expect(await sessionsOf({ type: "channel" })).toEqual([
    "agent:main:imessage:default:direct:+15550100001",
    "agent:main:imessage:default:direct:+15550100002",
  ]);
  const shared = ["agent:main:main", "agent:main:main"];
  expect(await sessionsOf({ type: "channel", oneSession: true })).toEqual(shared);
  expect(await sessionsOf({ type: "demo" })).toEqual(shared);
  expect((await sessionsOf({ type: "channel" }, "per-peer"))[0]).toBe("agent:main:direct:+15550100001");
});

import { expect, it } from "vitest";
import { fakeTurn } from "../../../test/support/agent-turn.js";
import type { McpAccess } from "../../agents/index.js";
import { McpSessions } from "./mcp-sessions.js";

const sessions = () => new McpSessions("/state", () => ({ command: "tapback", args: [] }));

function turnOf(isOwner: boolean, chatId = 42) {
  const turn = fakeTurn("hi", { offered: ["send"] });
  turn.envelope.sender.isOwner = isOwner;
  turn.envelope.chat.target = `chat_id:${chatId}`;
  return turn;
}

/** Calls over a connection as it was opened. @returns the error's code, or "done" */
async function call(mcp: McpSessions, [server]: ReturnType<McpAccess["open"]>): Promise<string> {
  if (server?.type !== "stdio") throw new Error("no server");
  const given = { session: "agent:main:main", token: server.env.TAPBACK_MCP_TOKEN! };
  expect(await mcp.tools(given).catch(({ code }) => code)).toSatisfy(
    (shown) => Array.isArray(shown) || shown === "MCP_UNAUTHORISED",
  );
  return mcp.call(given, "message", { action: "send", text: "x" }).then(
    () => "done",
    ({ code }) => code,
  );
}

it("reaches the turns that act for the same, and no other turn of the session", async () => {
  const mcp = sessions();
  const first = turnOf(false);
  const servers = mcp.begin(first)!.open(true);
  expect(await call(mcp, servers)).toBe("done");
  mcp.end(first);
  expect(await call(mcp, servers)).toBe("NO_TURN");
  for (const [next, outcome] of [
    [turnOf(false), "done"],
    [turnOf(true), "NO_TURN"],
    [turnOf(false, 43), "NO_TURN"],
  ] as const) {
    mcp.begin(next);
    expect([outcome, await call(mcp, servers)]).toEqual([outcome, outcome]);
    expect(next.acted).toHaveLength(outcome === "done" ? 1 : 0);
    mcp.end(next);
  }
});

it("ends a connection with the next one that is handed out, and one that does not last with its turn", async () => {
  const mcp = sessions();
  const turn = turnOf(false);
  const access = mcp.begin(turn)!;
  const before = access.open(true);
  const once = access.open(false);
  expect(await call(mcp, before)).toBe("MCP_UNAUTHORISED");
  expect(await call(mcp, once)).toBe("done");
  mcp.end(turn);
  mcp.begin(turnOf(false));
  expect(await call(mcp, once)).toBe("NO_TURN");
});

it("shows the same tools whether a turn runs or not, and tells that they were asked for", async () => {
  const mcp = sessions();
  const turn = turnOf(false);
  const access = mcp.begin(turn)!;
  const [server] = access.open(true);
  if (server?.type !== "stdio") throw new Error("no server");
  const given = { session: "agent:main:main", token: server.env.TAPBACK_MCP_TOKEN! };
  mcp.end(turn);
  let isListed = false;
  const listed = access.listed().then(() => {
    isListed = true;
  });
  await Promise.resolve();
  expect(isListed).toBe(false);
  expect((await mcp.tools(given)).map(({ name }) => name)).toEqual(["message", "schedule", "ask"]);
  await listed;
  expect(await call(mcp, [server])).toBe("NO_TURN");
});

import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { removeFolder } from "../../../test/support/remove-folder.js";
import { type Agent, type AgentSession, loadAgent } from "../../agents/index.js";
import { type Config, parseConfig } from "../../config/index.js";
import type { SessionSettings } from "../../store/index.js";
import { AgentPool, type MakeAgent } from "./pool.js";
import type { SessionPlace } from "./session-agent.js";

const folder = mkdtempSync(join(tmpdir(), "tapback-pool-"));
afterAll(() => removeFolder(folder));

async function configOf(agents: object[], models: object = {}): Promise<Config> {
  const parsed = await parseConfig(JSON.stringify({ agents: { list: agents }, models }), {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value.config;
}

const command = (id: string, program = "cat") => ({ id, runtime: { type: "command", command: program } });
const model = (id: string) => ({ id, model: "house/small", runtime: { type: "llm" } });
const house = (key = "k") => ({ providers: { house: { baseUrl: "http://127.0.0.1:1/v1", apiKey: key } } });

/** A pool whose agents the test sees being made, reset and closed. */
async function pooled(agents: object[], models?: object) {
  const lab = {
    config: await configOf(agents, models),
    settings: {} as Record<string, SessionSettings>,
    made: [] as string[],
    heard: [] as string[],
    busy: [] as AgentSession[],
    fails: false,
  };
  const make: MakeAgent = async ({ id, workspace }, deps) => {
    if (lab.fails) throw new Error("no");
    lab.made.push(`${id} ${workspace}`);
    const name = `${id}#${lab.made.length}`;
    expect(deps.zone).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
    return {
      run: () => {
        throw new Error("not run here");
      },
      reset: async (sessionKey: string) => void lab.heard.push(`reset ${name} ${sessionKey}`),
      close: async () => void lab.heard.push(`close ${name}`),
      sessions: () => lab.busy,
    } satisfies Agent;
  };
  const bindings = { settings: async (key: string) => lab.settings[key] ?? {} };
  const deps = { home: folder } as never;
  const pool = new AgentPool(() => lab.config, { bindings } as never, folder, deps, make);
  return { lab, pool };
}

const place = (sessionKey: string, agentId = "main", account = "default"): SessionPlace => ({
  agentId,
  sessionKey,
  account,
  chatKey: "chat:7",
});
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("the agents of a configuration", () => {
  it("drops what it keeps of a session that ran elsewhere since, and of no other", async () => {
    const { lab, pool } = await pooled([command("main")]);
    for (const session of ["a", "b"]) (await pool.lend(place(session), true)).giveBack();
    expect(lab.heard).toEqual([]);
    (await pool.lend(place("a"))).giveBack();
    expect(lab.heard).toEqual([]);
    (await pool.lend(place("a"), true)).giveBack();
    expect(lab.heard).toEqual(["reset main#1 a"]);
  });

  it("are loaded ahead, all of them, whatever one of them lacks, and none is made", async () => {
    const keyless = { ...model("keyless"), model: "openai/o" };
    const config = await configOf([model("main"), keyless, command("other")], house());
    const loaded: unknown[] = [];
    const make: MakeAgent = async () => expect.unreachable();
    const pool = new AgentPool(
      () => config,
      {} as never,
      join(folder, "ahead"),
      { home: folder, env: {} } as never,
      make,
      async (definition, deps) => {
        loaded.push(definition.id);
        await loadAgent(definition, deps);
      },
    );
    await pool.load(["other"]);
    expect(loaded.splice(0)).toEqual(["main", "keyless"]);
    await pool.load();
    expect(loaded).toEqual(["main", "keyless", "other"]);
    const lacking = loadAgent({ id: "keyless", model: "openai/o", runtime: { type: "llm" } }, { env: {} });
    await expect(lacking).rejects.toMatchObject({ code: "MODEL_KEY" });
    expect(existsSync(join(folder, "ahead"))).toBe(false);
  });

  it("are made at their first turn, in their folder, and shared by sessions with the same settings", async () => {
    const { lab, pool } = await pooled([command("main"), command("other")]);
    const one = await pool.lend(place("a"));
    const two = await pool.lend(place("b"));
    const third = await pool.lend(place("c", "other"));
    expect(two.agent).toBe(one.agent);
    expect(third.agent).not.toBe(one.agent);
    expect(lab.made).toEqual(["main", "other"].map((id) => `${id} ${join(folder, "workspaces", id)}`));
    expect(pool.workspaceOf(place("a"))).toBe(join(folder, "workspaces", "main"));
    for (const lent of [one, two, third]) lent.giveBack();
    await settled();
    // They are kept for the sessions.
    expect(lab.heard).toEqual([]);
    expect((await pool.lend(place("a"))).agent).toBe(one.agent);
  });

  it("are others for a session with settings of its own, which leaves the one of before", async () => {
    const { lab, pool } = await pooled([model("main")], house());
    const before = await pool.lend(place("a"));
    before.giveBack();
    const neighbour = await pool.lend(place("b"));
    neighbour.giveBack();
    lab.settings.a = { model: "house/large" };
    const after = await pool.lend(place("a"));
    expect(after.agent).not.toBe(before.agent);
    expect(lab.heard).toEqual(["reset main#1 a"]);
    expect((await pool.lend(place("b"))).agent).toBe(neighbour.agent);
    after.giveBack();
    expect(lab.made).toHaveLength(2);
  });

  it("are closed when no session uses them any more and their last turn has ended", async () => {
    const { lab, pool } = await pooled([command("main"), command("other")]);
    const running = await pool.lend(place("a"));
    (await pool.lend(place("b", "other"))).giveBack();
    lab.config = await configOf([command("main", "tac"), command("other")]);
    await pool.refresh();
    expect(lab.heard).toEqual(["reset main#1 a"]);
    running.giveBack();
    await settled();
    expect(lab.heard).toEqual(["reset main#1 a", "close main#1"]);
    // The same settings again: it is made anew.
    const again = await pool.lend(place("a"));
    expect(lab.made).toHaveLength(3);
    again.giveBack();
  });

  it("are left alone by a change of the configuration that is not theirs, and closed where they are gone", async () => {
    const { lab, pool } = await pooled([command("main"), command("other")]);
    for (const [key, id] of [
      ["a", "main"],
      ["b", "other"],
    ] as const)
      (await pool.lend(place(key, id))).giveBack();
    lab.config = await configOf([command("main")]);
    await pool.refresh();
    await settled();
    expect(lab.heard).toEqual(["reset other#2 b", "close other#2"]);
    await expect(pool.lend(place("b", "other"))).rejects.toMatchObject({ code: "AGENT_UNKNOWN" });
  });

  it("keep the process of a session whose turn runs", async () => {
    const { lab, pool } = await pooled([command("main")]);
    const running = await pool.lend(place("a"));
    lab.busy = [{ sessionKey: "a", pid: 1, busy: true }];
    lab.config = await configOf([command("main", "tac")]);
    await pool.refresh();
    expect(lab.heard).toEqual([]);
    running.giveBack();
    await settled();
    expect(lab.heard).toEqual(["close main#1"]);
  });

  it("are asked again after they could not be made", async () => {
    const { lab, pool } = await pooled([command("main")]);
    lab.fails = true;
    await expect(pool.lend(place("a"))).rejects.toThrow("no");
    lab.fails = false;
    (await pool.lend(place("a"))).giveBack();
    expect(lab.made).toHaveLength(1);
  });

  it("are made anew when the key of their model changes, and not for programs", async () => {
    const { lab, pool } = await pooled([model("main"), command("other")], house("old"));
    (await pool.lend(place("a"))).giveBack();
    (await pool.lend(place("b", "other"))).giveBack();
    lab.config = await configOf([model("main"), command("other")], house("new"));
    await pool.refresh();
    await settled();
    expect(lab.heard).toEqual(["reset main#1 a", "close main#1"]);
  });

  it("forget what a group said when it came to another account, and nothing of a direct chat", async () => {
    const { lab, pool } = await pooled([command("main")]);
    for (const account of ["default", "default", "work"]) {
      (await pool.lend(place("agent:main:imessage:group:7", "main", account))).giveBack();
      (await pool.lend(place("agent:main:main", "main", account))).giveBack();
    }
    expect(lab.heard).toEqual(["reset main#1 agent:main:imessage:group:7"]);
  });

  it("are reset for the sessions that they serve, and all end at the close", async () => {
    const { lab, pool } = await pooled([command("main"), command("other")]);
    (await pool.lend(place("a"))).giveBack();
    (await pool.lend(place("b", "other"))).giveBack();
    await pool.reset("a");
    expect(lab.heard).toEqual(["reset main#1 a"]);
    await pool.close();
    expect(lab.heard.slice(1).sort()).toEqual(["close main#1", "close other#2"]);
  });

  it("tell what runs for an account, and for no other", async () => {
    const { lab, pool } = await pooled([command("main")]);
    (await pool.lend(place("a"))).giveBack();
    (await pool.lend(place("b", "main", "work"))).giveBack();
    lab.busy = ["a", "b", "c"].map((sessionKey, pid) => ({ sessionKey, pid, busy: false }));
    expect((await pool.sessions("default")).map(({ sessionKey }) => sessionKey)).toEqual(["a"]);
    expect((await pool.sessions("work")).map(({ sessionKey }) => sessionKey)).toEqual(["b"]);
    expect(await pool.sessions("nobody")).toEqual([]);
  });
});

import { type ClientApp, methods } from "@agentclientprotocol/sdk";
import { afterEach, expect, it } from "vitest";
import { isAlive } from "../../../test/support/process-alive.js";
import type { ChildOptions } from "../process/child.js";
import { Terminals } from "./terminals.js";

const opened: Terminals[] = [];
afterEach(() => Promise.all(opened.splice(0).map((terminals) => terminals.close())));

/** Terminals, asked as an agent asks for them. @param spawned told of each program when it runs */
function bench(spawned = () => {}) {
  const pids: number[] = [];
  const records = {
    keep: async (pid: number) => {
      pids.push(pid);
      spawned();
    },
    forget: () => {},
  } as unknown as NonNullable<ChildOptions["records"]>;
  const terminals = new Terminals({ cwd: import.meta.dirname, env: {}, records });
  opened.push(terminals);
  let create = async (_given: object): Promise<unknown> => undefined;
  const app = {
    onRequest: (method: string, serve: typeof create) => {
      if (method === methods.client.terminal.create) create = serve;
      return app;
    },
  };
  terminals.serve(app as unknown as ClientApp);
  const command = { command: process.execPath, args: ["-e", "setInterval(() => {}, 1000)"] };
  return { terminals, pids, create: () => create({ params: command }) };
}

it.each(["before", "when"])(
  "leaves nothing of an agent that is ended %s its program runs",
  async (moment) => {
    let end = () => {};
    const ended = bench(() => end());
    const neighbour = bench();
    await neighbour.create();
    await ended.create();
    const closed = new Promise<void>((resolve) => {
      end = () => resolve(ended.terminals.close());
    });
    const starting = ended.create();
    starting.catch(() => {});
    if (moment === "before") end();
    await closed;
    await expect(ended.create()).rejects.toThrow();
    expect(ended.pids.filter(isAlive)).toEqual([]);
    expect(neighbour.pids.map(isAlive)).toEqual([true]);
  },
);

it("has eight at most, however quickly they are asked for", async () => {
  const { create, pids } = bench();
  const all = await Promise.allSettled(Array.from({ length: 10 }, create));
  expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(8);
  expect(pids).toHaveLength(8);
});

import { expect, it } from "vitest";
import { redactHealth } from "./health.js";
import { StandIns } from "./stand-ins.js";

const standIns = new StandIns(new Uint8Array(32), ["gandalf.example"]);

const status = {
  gateway: {
    ...{ pid: 1, startedAt: "2026-11-28T00:00:00Z", version: "1.0.0" },
    sleeps: [{ from: "2026-11-28T01:00:00Z", to: "2026-11-28T02:00:00Z" }],
    http: [
      {
        name: "console",
        url: null,
        error: { code: "PORT_TAKEN", message: "mia@macmini has it", hint: null },
      },
    ],
  },
  defaultAccount: "default",
  webhooks: [{ number: 1, name: "gandalf.example", events: ["message"], why: "gandalf.example: 500" }],
  accounts: [
    {
      ...{ id: "default", name: "zoe", verdict: "mia@macmini: denied" },
      stages: [{ name: "ssh", ok: true, provenAt: "2026-11-28T00:00:00Z", detail: "mia@macmini lets us in" }],
      privateApi: { methods: ["messages.send"], selectors: { retractMessagePart: true } },
    },
  ],
};

it("keeps what we call things in a status, and nothing that a person called so", () => {
  const found = redactHealth(status, standIns) as typeof status;
  expect(JSON.stringify(found)).not.toMatch(/zoe|mia|gandalf/);
  const [account, hook] = [found.accounts[0]!, found.webhooks[0]!];
  expect(account).toEqual({
    ...{ id: "default", name: standIns.handle("zoe"), verdict: `${standIns.handle("mia@macmini")}: denied` },
    stages: [{ ...status.accounts[0]!.stages[0], detail: `${standIns.handle("mia@macmini")} lets us in` }],
    privateApi: status.accounts[0]!.privateApi,
  });
  expect(hook).toEqual({
    ...{ number: 1, name: standIns.handle("gandalf.example"), events: ["message"] },
    why: `${standIns.handle("gandalf.example")}: 500`,
  });
  expect(found.gateway).toMatchObject({ ...status.gateway, http: [{ name: "console" }] });
});

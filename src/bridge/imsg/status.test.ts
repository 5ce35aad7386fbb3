import { expect, it } from "vitest";
import { parseRpcStatus, parseStatus } from "./status.js";

it("names a helper in Messages that is of another version", () => {
  const status = {
    version: "0.19.1",
    advanced_features: true,
    v2_ready: true,
    bridge_version: 2,
    rpc_methods: [],
  };
  const told = { ...status, helper_version: "0.15.6", helper_version_mismatch: "helper 0.15.6, imsg 0.19.1" };
  expect(parseStatus(JSON.stringify(told))).toMatchObject({
    ok: true,
    value: { helperMismatch: "helper 0.15.6, imsg 0.19.1" },
  });
  const same = parseStatus(JSON.stringify({ ...status, helper_version: "0.19.1" }));
  expect(same.ok && same.value).not.toHaveProperty("helperMismatch");
});

it("reads what is usable only while the database can be read", () => {
  const wire = {
    version: "0.19.1",
    bridge: { ready: true, v2_ready: true },
    methods: ["send"],
    supported_methods: [],
  };
  expect(parseRpcStatus({ ...wire, database: { ready: true } })).toMatchObject({
    value: { usable: ["send"] },
  });
  const closed = parseRpcStatus({ ...wire, database: { ready: false, error: "authorization denied" } });
  expect(closed.ok && closed.value).not.toHaveProperty("usable");
});

it("takes a bridge that was not reached, and features of an odd shape", () => {
  const wire = { bridge: { ready: false, error: "not started" }, supported_methods: ["send"] };
  expect(
    parseRpcStatus({ ...wire, capabilities: { features: { "tapback.emoji": 2, odd: "x" } } }),
  ).toMatchObject({
    ok: true,
    value: {
      privateApi: { available: false, message: "not started" },
      selectors: {},
      features: { "tapback.emoji": 2 },
    },
  });
  expect(parseRpcStatus({ ...wire, capabilities: 7 })).toMatchObject({ ok: true, value: { features: {} } });
});

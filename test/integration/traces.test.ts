import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { GatewayLab } from "../support/gateway-lab.js";

const mia = "+15550100001";
const example = pathToFileURL(join(import.meta.dirname, "../../examples/traces/tracing.mjs")).href;

interface Printed {
  name: string;
  traceId: string;
  spanId: string;
  parent?: string;
  attributes: Record<string, unknown>;
}

let lab: GatewayLab;
beforeAll(() => {
  lab = new GatewayLab();
  lab.configure({ dmPolicy: "allowlist", allowFrom: [mia] });
});
afterAll(() => lab.close());

const spans = () =>
  lab.log.split("\n").flatMap((line) => (line.startsWith('{"name"') ? [JSON.parse(line) as Printed] : []));

it("are kept by an SDK of OpenTelemetry that is started before the gateway, as the example does it", {
  tags: ["long"],
}, async () => {
  await lab.start({ NODE_OPTIONS: `--import ${example}` });
  lab.mac.say(mia, "what is a secret?");
  await lab.until(() => spans().some(({ name }) => name === "tapback.send"));
  const named = Object.fromEntries(spans().map((span) => [span.name, span]));
  expect(new Set(spans().map(({ traceId }) => traceId)).size).toBe(1);
  expect(Object.keys(named).sort()).toEqual(
    ["decide", "message", "send", "turn", "wait"].map((name) => `tapback.${name}`),
  );
  const parents = Object.values(named).map(({ name, parent }) => [
    name,
    Object.values(named).find(({ spanId }) => spanId === parent)?.name,
  ]);
  expect(Object.fromEntries(parents)).toEqual({
    "tapback.message": undefined,
    "tapback.decide": "tapback.message",
    "tapback.wait": "tapback.message",
    "tapback.turn": "tapback.message",
    "tapback.send": "tapback.turn",
  });
  const [row] = lab.mac.sent();
  expect(named["tapback.send"]!.attributes["messaging.message.id"]).toBe(row?.guid);
  expect(JSON.stringify(spans())).not.toMatch(/secret|1555/);
});

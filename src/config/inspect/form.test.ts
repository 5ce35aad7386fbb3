import { expect, it } from "vitest";
import { parseInput, setValue } from "../edit/index.js";
import { parsePath } from "../path.js";
import { configSchema } from "../schema/config.js";
import { formOf } from "./form.js";

const text = `{
  // Kept.
  channels: { imessage: { dmPolicy: "open", allowFrom: ["+15550100123"], dms: { "+15550100321": { review: "on" } }, accounts: {} } },
  agents: { list: [{ id: "main", runtime: { type: "command", command: "x", env: { KEY: "⟨secret 1⟩" } } }] },
  gateway: { retentionDays: 9 },
}`;
const field = (path: string, source = text) => {
  const block = /^\w+/.exec(path)![0];
  return formOf(source, block).fields.find((each) => each.path === path);
};

it("has every block, and of each field what it takes, what holds and what is written", () => {
  expect(formOf(text, "gateway").blocks).toEqual(
    Object.keys(configSchema.shape).filter((key) => key !== "$schema"),
  );
  expect(field("gateway.retentionDays")).toEqual({
    path: "gateway.retentionDays",
    about: expect.stringContaining("How long message bodies are kept"),
    ...{ kind: "number", choices: [], expected: "a number from 0 to 36500", fallback: "30", value: "9" },
  });
  expect(field("gateway.console.enabled")).toMatchObject({ kind: "flag", fallback: "false", value: null });
  expect(field("channels.imessage.dmPolicy")).toMatchObject({
    ...{ kind: "choice", value: "open", choices: expect.arrayContaining(["pairing", "open"]) },
  });
  expect(field("channels.imessage.allowFrom")).toMatchObject({ kind: "list", value: ["+15550100123"] });
});

it("has the fields of what is named in the text, and of nothing that is not there", () => {
  expect(field('channels.imessage.dms["+15550100321"].review')).toMatchObject({
    kind: "choice",
    value: "on",
  });
  expect(field("agents.list[0].id")).toMatchObject({ kind: "text", value: "main" });
  // The fields of a variant are those of the one that is chosen.
  expect(field("agents.list[0].runtime.command")).toMatchObject({ kind: "text", value: "x" });
  expect(field("agents.list[0].runtime.url")).toBeUndefined();
  const paths = formOf(text, "channels").fields.map(({ path }) => path);
  expect(paths.filter((path) => path.startsWith("channels.imessage.accounts"))).toEqual([
    "channels.imessage.accounts",
  ]);
  expect(formOf(text, "webhooks").fields).toMatchObject([{ path: "webhooks", kind: "other", value: null }]);
  expect(formOf(text, "agents").fields.filter(({ path }) => path.startsWith("agents.list[1]"))).toEqual([]);
});

it("finds fields by words in any block", () => {
  expect(formOf(text, "voice", "retention bodies").fields.map(({ path }) => path)).toEqual([
    "gateway.retentionDays",
  ]);
  expect(formOf(text, "gateway", "no such thing").fields).toEqual([]);
});

it("shows no value of a text that cannot be read, and of one with odd values what a field could not hold", () => {
  expect(field("gateway.retentionDays", "{ gateway: ")).toMatchObject({ value: null });
  expect(field("gateway.retentionDays", "{ gateway: 7 }")).toMatchObject({ value: null });
  expect(field("gateway.retentionDays", "{ gateway: { retentionDays: { a: 1 } } }")).toMatchObject({
    kind: "other",
  });
  expect(
    field("channels.imessage.allowFrom", "{ channels: { imessage: { allowFrom: [1] } } }"),
  ).toMatchObject({
    kind: "other",
  });
});

it("gives paths and values as they are typed, so that what is set again is what was there", () => {
  const fields = formOf(text, "", " ").fields.concat(
    ...["channels", "agents", "gateway"].map((block) => formOf(text, block).fields),
  );
  const set = fields.filter(({ value, kind }) => value !== null && kind !== "other");
  expect(set.length).toBeGreaterThan(6);
  for (const { path, value } of set) {
    const place = parsePath(path);
    if (!place.ok) throw place.error;
    const typed = typeof value === "string" ? parseInput(place.value, value) : value;
    expect(setValue(text, place.value, typed), path).toEqual({ ok: true, value: text });
  }
});

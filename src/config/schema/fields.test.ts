import { describe, expect, it } from "vitest";
import { accountSamples, otherSamples } from "../../../test/support/field-samples.js";
import { resolveAccount } from "../accounts.js";
import { checkSource } from "../check/check.js";
import { valueAt } from "../check/issues.js";
import { diffConfig } from "../diff.js";
import { setIn } from "../edit/model.js";
import { parsePath } from "../path.js";
import { referenceFields } from "../reference/index.js";
import type { accountFields } from "./account.js";

const pathOf = (text: string) => {
  const parsed = parsePath(text);
  if (!parsed.ok) throw parsed.error;
  return parsed.value;
};

async function check(fields: Record<string, unknown>) {
  const root = {};
  for (const [path, value] of Object.entries(fields)) setIn(root, pathOf(path), structuredClone(value));
  return checkSource(JSON.stringify(root, null, 2), {});
}

describe("every field of an account", () => {
  it.each(Object.entries(accountSamples))("%s", async (field, { valid, invalid }) => {
    const channel = `channels.imessage.${field}`;
    const own = `channels.imessage.accounts.work.${field}`;
    // A review needs an owner.
    const owned = { "commands.ownerAllowFrom": ["+15550100999"] };
    const before = (await check({ ...owned, "channels.imessage": { accounts: { work: {} } } })).config!;
    for (const value of valid) {
      const { config, errors } = await check({
        ...owned,
        "channels.imessage.accounts": { work: {} },
        [channel]: value,
      });
      expect([field, value, errors]).toEqual([field, value, []]);
      const overridden = await check({ ...owned, "channels.imessage.accounts": { work: {} }, [own]: value });
      expect([field, value, overridden.errors]).toEqual([field, value, []]);
      const get = (from: typeof config) =>
        resolveAccount(from!, "work")![field as keyof typeof accountFields];
      expect(get(overridden.config)).toEqual(get(config));
    }
    const changed = (await check({ ...owned, "channels.imessage.accounts": { work: {} }, [own]: valid[0] }))
      .config!;
    const diff = diffConfig(before, changed);
    expect(diff.changed.every((path) => path.startsWith(own))).toBe(true);
    expect([...diff.restart, ...diff.live, ...diff.removed]).toEqual(["work"]);
    for (const value of invalid) {
      for (const path of [channel, own]) {
        const { errors } = await check({ [path]: value });
        expect([path, value, errors.map((error) => error.path.startsWith(path))]).toEqual([
          path,
          value,
          errors.map(() => true),
        ]);
        expect([path, value, errors.length > 0]).toEqual([path, value, true]);
      }
    }
  });
});

describe("every other field", () => {
  it.each(Object.entries(otherSamples))("%s", async (path, { valid, invalid, beside = {} }) => {
    const blocks = { "channels.imessage": {}, ...beside };
    for (const value of valid) {
      const { config, errors } = await check({ ...blocks, [path]: value });
      expect([value, errors]).toEqual([value, []]);
      expect({ value: valueAt(config, pathOf(path)) }).toMatchObject({ value });
    }
    for (const value of invalid) {
      const { errors } = await check({ ...blocks, [path]: value });
      expect([value, errors.length > 0]).toEqual([value, true]);
      expect([value, errors[0]!.path.startsWith(path)]).toEqual([value, true]);
    }
  });

  it("is in these tables", () => {
    const tried = [
      ...Object.keys(otherSamples),
      ...Object.keys(accountSamples).map((field) => `channels.imessage.${field}`),
    ].map((path) => path.replace(/\[0\]/g, "[]"));
    const paths = referenceFields().map(({ path }) => path);
    const inside = (path: string, holder: string) =>
      path.startsWith(`${holder}.`) || path.startsWith(`${holder}[`);
    const leaves = paths.filter((path) => !paths.some((other) => inside(other, path)));
    const untried = leaves.filter((path) => !tried.some((known) => path === known || inside(path, known)));
    expect(leaves.length).toBeGreaterThan(90);
    expect(untried).toEqual([]);
  });
});

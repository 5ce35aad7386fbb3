import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jsonSchema, referenceFields, referencePage } from "./index.js";

describe("the reference", () => {
  it("is not stale: run `node scripts/reference.mjs` after a change of the schema", () => {
    const page = readFileSync(join(import.meta.dirname, "../../../docs/reference/configuration.md"), "utf8");
    expect(page).toBe(referencePage());
  });

  it("has one sentence for every field", () => {
    const fields = referenceFields();
    expect(fields.length).toBeGreaterThan(150);
    expect(fields.filter(({ description }) => !/^(i?[A-Z`']).+\.$/s.test(description))).toEqual([]);
    expect(new Set(fields.map(({ path, description }) => path + description)).size).toBe(fields.length);
  });

  it("marks secrets, and fields that an account may set", () => {
    const by = (path: string) => referenceFields().find((field) => field.path === path);
    expect(by("models.providers.<name>.apiKey")).toMatchObject({ secret: true, perAccount: false });
    expect(by("channels.imessage.catchup.perRunLimit")).toMatchObject({ perAccount: true, default: "50" });
    expect(by("channels.imessage.watchDebounceMs")).toMatchObject({
      type: "a whole number from 0 to 5000",
      default: "250",
    });
    expect(by("channels.imessage.defaultAccount")).toMatchObject({ perAccount: false });
  });
});

describe("jsonSchema", () => {
  it("describes the fields, closes every object, and requires nothing that has a default", () => {
    const schema = jsonSchema() as { properties: Record<string, { properties: Record<string, unknown> }> };
    expect(schema).toMatchObject({ type: "object", additionalProperties: false });
    expect(schema).not.toHaveProperty("required");
    const { imessage } = schema.properties.channels!.properties as Record<string, { properties: object }>;
    expect(imessage!.properties).toMatchObject({
      dmPolicy: { enum: ["pairing", "allowlist", "open", "disabled"], default: "pairing" },
      accounts: { additionalProperties: { additionalProperties: false } },
    });
    expect(JSON.stringify(schema)).toContain('"writeOnly":true');
    expect(JSON.stringify(schema)).not.toContain('"secret":true');
  });
});

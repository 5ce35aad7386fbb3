import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nearest } from "./check/near.js";
import { formatPath, parsePath } from "./path.js";

describe("paths", () => {
  it("read what people write", () => {
    const read = (text: string) => {
      const parsed = parsePath(text);
      return parsed.ok ? parsed.value : parsed.error.code;
    };
    expect(read("agents.list[0].id")).toEqual(["agents", "list", 0, "id"]);
    expect(read('channels.imessage.dms["+1555"].historyLimit')).toEqual([
      "channels",
      "imessage",
      "dms",
      "+1555",
      "historyLimit",
    ]);
    expect(read("channels.imessage.groups.42")).toEqual(["channels", "imessage", "groups", "42"]);
    expect(read("channels.imessage.groups['*']")).toEqual(["channels", "imessage", "groups", "*"]);
    for (const text of ["", "a..b", "a.", "a[", "a[x]", ".a", 'a["b', "a]b"])
      expect([text, read(text)]).toEqual([text, "CONFIG_PATH_INVALID"]);
  });

  it("are read back as they were written", () => {
    const part = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom("a.b", "[0]", '"', "\\", " "),
      fc.nat({ max: 99 }),
    );
    const path = fc.array(part, { minLength: 1 }).filter(([first]) => typeof first === "string");
    fc.assert(
      fc.property(path, (parts) => {
        expect(parsePath(formatPath(parts))).toEqual({ ok: true, value: parts });
      }),
    );
  });
});

describe("nearest", () => {
  it("finds what was probably meant, and nothing far-fetched", () => {
    const keys = ["dmPolicy", "groupPolicy", "groups", "name", "typing", "handoff"];
    expect(nearest("dmPolcy", keys)).toBe("dmPolicy");
    expect(nearest("DMPOLICY", keys)).toBe("dmPolicy");
    expect(nearest("gruops", keys)).toBe("groups");
    expect(nearest("nmae", keys)).toBe("name");
    expect(nearest("xyz", keys)).toBeUndefined();
    expect(nearest("a", ["b", "c"])).toBeUndefined();
  });
});

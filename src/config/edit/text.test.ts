import { describe, expect, it } from "vitest";
import { parsePath } from "../path.js";
import { setValue, unsetValue } from "./text.js";

const at = (path: string) => {
  const parsed = parsePath(path);
  if (!parsed.ok) throw parsed.error;
  return parsed.value;
};
const set = (source: string, path: string, value: unknown) => {
  const result = setValue(source, at(path), value);
  return result.ok ? result.value : result.error.code;
};
const unset = (source: string, path: string) => {
  const result = unsetValue(source, at(path));
  return result.ok ? result.value : result.error.code;
};

const file = `// my gateway
{
  channels: {
    imessage: {
      dmPolicy: 'pairing', // ask first
      // friends
      allowFrom: ['+15550100', "kim@example.com",],
      groups: {
        "42": { requireMention: false }
      },
    },
  },
  logging: {},
}
`;

describe("setValue", () => {
  it("replaces a value where it stands", () => {
    expect(set(file, "channels.imessage.dmPolicy", "open")).toBe(file.replace("'pairing'", "'open'"));
    expect(set(file, "channels.imessage.allowFrom[0]", "*")).toBe(file.replace("'+15550100'", "'*'"));
  });

  it("adds a key in the style of its neighbours", () => {
    expect(set(file, "channels.imessage.groups.7.systemPrompt", 'it\'s "calm"')).toBe(
      file.replace(
        '"42": { requireMention: false }',
        `"42": { requireMention: false },\n        '7': { systemPrompt: 'it\\'s "calm"' }`,
      ),
    );
    expect(set(file, "logging.level", "debug")).toBe(
      file.replace("logging: {}", "logging: { level: 'debug' }"),
    );
    expect(set(file, "channels.imessage.groups.42.agentId", "ops")).toBe(
      file.replace("{ requireMention: false }", "{ requireMention: false, agentId: 'ops' }"),
    );
    expect(set(file, "commands.config", true)).toBe(
      file.replace("logging: {},", "logging: {},\n  commands: { config: true },"),
    );
  });

  it("puts a new key behind the last one's comment", () => {
    expect(set("{\n  a: 1 // one\n}\n", "b", 2)).toBe("{\n  a: 1, // one\n  b: 2\n}\n");
    expect(set("{\r\n\ta: 1, /* one */ // more\r\n}", "b", [1])).toBe(
      "{\r\n\ta: 1, /* one */ // more\r\n\tb: [1],\r\n}",
    );
  });

  it("fills an empty file, and an object that only holds a comment", () => {
    expect(set("{}\n", "channels.imessage.dmPolicy", "open")).toBe(
      '{\n  channels: {\n    imessage: { dmPolicy: "open" }\n  }\n}\n',
    );
    expect(set("{\n  a: {\n    // nothing yet\n  },\n}", "a.b", 1)).toBe(
      "{\n  a: {\n    // nothing yet\n    b: 1,\n  },\n}",
    );
  });

  it("keeps strict JSON strict", () => {
    expect(set('{\n  "a": 1\n}', "b.c", { d: [] })).toBe(
      '{\n  "a": 1,\n  "b": {\n    "c": {\n      "d": []\n    }\n  }\n}',
    );
  });

  it("appends to a list, and to no place beyond", () => {
    expect(set(file, "channels.imessage.allowFrom[2]", "*")).toBe(
      file.replace('"kim@example.com",]', "\"kim@example.com\", '*',]"),
    );
    expect(set(file, "channels.imessage.allowFrom[5]", "*")).toBe("CONFIG_PATH_NOT_FOUND");
    expect(set("{}", "agents.list[1].id", "x")).toBe("CONFIG_PATH_NOT_FOUND");
    expect(set(file, "channels.imessage.dmPolicy.x", 1)).toBe("CONFIG_PATH_NOT_FOUND");
  });
});

describe("unsetValue", () => {
  it("takes the line, and leaves comments", () => {
    expect(unset(file, "logging")).toBe(file.replace("  logging: {},\n", ""));
    expect(unset(file, "channels.imessage.dmPolicy")).toBe(
      file.replace("      dmPolicy: 'pairing', // ask first", "      // ask first"),
    );
    expect(unset(file, "channels.imessage.allowFrom[1]")).toBe(file.replace(', "kim@example.com",', ","));
  });

  it("leaves no comma behind that was not there", () => {
    expect(unset("{ a: 1, b: 2 }", "b")).toBe("{ a: 1 }");
    expect(unset("{ a: 1, b: 2 }", "a")).toBe("{ b: 2 }");
    expect(unset("{\n  a: 1,\n  b: 2\n}", "b")).toBe("{\n  a: 1\n}");
    expect(unset("{ a: 1 }", "a")).toBe("{ }");
  });

  it("says when nothing is there", () => {
    expect(unset(file, "logging.level")).toBe("CONFIG_PATH_NOT_FOUND");
    expect(unset("not json5 {", "a")).toBe("CONFIG_UNREADABLE");
  });
});

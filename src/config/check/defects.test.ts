import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkSource } from "./check.js";

/** A configuration with one line per field, so that a defect can be put into a known place. */
const lines: { text: string; path: string; indent: number }[] = [];
function line(path: string, text: string, indent: number): void {
  lines.push({ path, text, indent });
}
line("", "{", 0);
line("channels", "channels: {", 1);
line("channels.imessage", "imessage: {", 2);
line("channels.imessage.dmPolicy", 'dmPolicy: "allowlist",', 3);
line("channels.imessage.allowFrom", 'allowFrom: ["+15550100"],', 3);
line("channels.imessage.historyLimit", "historyLimit: 50,", 3);
line("channels.imessage.includeAttachments", "includeAttachments: true,", 3);
line("channels.imessage.groups", "groups: {", 3);
line("channels.imessage.groups.42", '"42": {', 4);
line("channels.imessage.groups.42.requireMention", "requireMention: true,", 5);
line("", "},", 4);
line("", "},", 3);
line("channels.imessage.accounts", "accounts: {", 3);
line("channels.imessage.accounts.work", "work: {", 4);
line("channels.imessage.accounts.work.mediaMaxMb", "mediaMaxMb: 16,", 5);
line("channels.imessage.accounts.work.service", 'service: "sms",', 5);
line("", "},", 4);
line("", "},", 3);
line("", "},", 2);
line("", "},", 1);
line("agents", "agents: {", 1);
line("agents.defaults", "defaults: {", 2);
line("agents.defaults.timeoutSeconds", "timeoutSeconds: 60,", 3);
line("", "},", 2);
line("agents.list", "list: [", 2);
line("agents.list[0]", "{", 3);
line("agents.list[0].id", 'id: "codex",', 4);
line("agents.list[0].runtime", "runtime: {", 4);
line("agents.list[0].runtime.type", 'type: "acp",', 5);
line("", "},", 4);
line("", "},", 3);
line("", "],", 2);
line("", "},", 1);
line("gateway", "gateway: {", 1);
line("gateway.retentionDays", "retentionDays: 30,", 2);
line("", "},", 1);
line("logging", "logging: {", 1);
line("logging.level", 'level: "info",', 2);
line("", "},", 1);
line("", "}", 0);

const print = (all: { text: string; indent: number }[]) =>
  all
    .map(({ text, indent }, index) => `${"  ".repeat(indent)}${text}${index % 3 === 0 ? " // note" : ""}`)
    .join("\n");

const isKey = (index: number) => /^["\w]+: /.test(lines[index]!.text);
const keyLines = lines.flatMap((_, index) => (isKey(index) ? [index] : []));
const leafLines = keyLines.filter((index) => lines[index]!.text.endsWith(","));
const fixedKeys = keyLines.filter((index) => !/groups\.42$|accounts\.work$/.test(lines[index]!.path));

type Defect = { source: string; path: string; line: number };

function replace(index: number, text: string, path: string): Defect {
  const changed = lines.map((old, at) => (at === index ? { ...old, text } : old));
  return { source: print(changed), path, line: index + 1 };
}

/** A letter of a key is wrong. */
const typo = fc
  .tuple(fc.constantFrom(...fixedKeys), fc.nat(), fc.constantFrom("x", "Q", "7"))
  .map(([index, at, letter]) => {
    const [, key = "", rest = ""] = /^(\w+)(: .*)$/s.exec(lines[index]!.text)!;
    const place = 1 + (at % (key.length - 1 || 1));
    const wrong = `${key.slice(0, place)}${letter}${key.slice(place)}`;
    return replace(index, wrong + rest, lines[index]!.path.replace(/\w+$/, wrong));
  });

/** A value is of a type that no field takes there. */
const wrongType = fc
  .tuple(
    fc.constantFrom(...leafLines),
    fc.constantFrom("null", "{ a: 1 }", "[[]]", "NaN", "-Infinity", "() ", "'\u0000?'"),
  )
  .map(([index, value]) => {
    const { text, path } = lines[index]!;
    const key = text.slice(0, text.indexOf(":"));
    return replace(index, `${key}: ${value},`, value === "() " ? "" : path);
  });

/** A key stands there twice. */
const twice = fc.constantFrom(...leafLines).map((index) => {
  const old = lines[index]!;
  const changed = lines.toSpliced(index + 1, 0, old);
  return { source: print(changed), path: old.path, line: index + 2 };
});

/** A key that nothing takes. */
const stray = fc
  .tuple(fc.constantFrom(...leafLines), fc.constantFrom("zzz", "__proto__", "constructor", "toString"))
  .map(([index, key]) => {
    const old = lines[index]!;
    const changed = lines.toSpliced(index, 0, { ...old, text: `${JSON.stringify(key)}: {},` });
    return { source: print(changed), path: old.path.replace(/\w+$/, key), line: index + 1 };
  });

/** A variable that the environment does not have. */
const variable = fc.constantFrom(...leafLines).map((index) => {
  const { text, path } = lines[index]!;
  return replace(index, `${text.slice(0, text.indexOf(":"))}: "$\{NOT_SET}",`, path);
});

/** The file breaks off, or a bracket is missing. */
const broken = fc.integer({ min: 1, max: lines.length - 2 }).map((index) => ({
  source: `${print(lines.slice(0, index))}\n@`,
  path: "",
  line: index + 1,
}));

describe("a file with one defect", () => {
  it("is sound without it", async () => {
    expect((await checkSource(print(lines), {})).errors).toEqual([]);
  });

  it("is refused with an error at the right path and line, 200 times", async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(typo, wrongType, twice, stray, variable, broken), async (defect: Defect) => {
        const { config, errors } = await checkSource(defect.source, {});
        expect(config).toBeUndefined();
        const places = errors.map(({ path, line: at }) => `${path}:${at}`);
        const found = places.some(
          (place) =>
            // A list or object of the wrong kind is told at the place inside that is wrong.
            place === `${defect.path}:${defect.line}` ||
            (place.startsWith(`${defect.path}[`) && place.endsWith(`:${defect.line}`)),
        );
        expect([found, places]).toEqual([true, places]);
        for (const { message, column, expected } of errors) {
          expect(message).not.toBe("");
          expect(column).toBeGreaterThan(0);
          expect(expected).not.toBe("");
        }
        count++;
      }),
      { numRuns: 200 },
    );
    expect(count).toBe(200);
  });
});

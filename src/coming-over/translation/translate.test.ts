import { describe, expect, it } from "vitest";
import { translated } from "../../../test/support/translated.js";

const openclaw = (source: string) => translated("openclaw", `{ ${source} }`);
const leftOut = (why: unknown, ...marks: string[]) => [
  expect.objectContaining({ to: undefined, why, marks }),
];

describe("what has no place here", () => {
  it.each([
    ["$schema", "it describes the other file", ["aside"]],
    ["meta", "it describes the other file", ["aside"]],
    ["wizard", "it describes the other file", ["aside"]],
    ["gateway", "it has no counterpart here", []],
  ])("is told: %s, %s", (key, why, marks) => {
    expect(openclaw(`'${key}': { a: 1 }`).of(key)).toEqual(leftOut(why, ...marks));
  });

  it("is another channel, and the settings of all channels but those that we have", () => {
    const { of, at } = openclaw(
      "channels: { imessage: {}, telegram: { a: 1 }, modelByChannel: { x: 'y' }, defaults: { historyLimit: 5 } }",
    );
    expect(of("channels.telegram")).toEqual(leftOut("the channel here is iMessage", "aside"));
    expect(of("channels.modelByChannel")).toEqual(
      leftOut(expect.stringContaining("name one as the agentId")),
    );
    expect(at("channels.defaults.historyLimit")).toMatchObject({ value: 5 });
  });

  it("is a second block: which one was taken is said, and how to take this one", () => {
    const all = "channels: { imessage: {}, bluebubbles: {} }, imessage: {}";
    expect(openclaw(all).of("channels.bluebubbles")).toEqual(
      leftOut("channels.imessage was taken; `tapback import bluebubbles` takes this block instead"),
    );
    expect(openclaw(all).of("imessage")).toEqual(
      leftOut("channels.imessage was taken, and this block was not used"),
    );
    const other = translated("bluebubbles", `{ ${all} }`);
    expect(other.of("channels.imessage").filter(({ to }) => to === undefined)).toEqual(
      leftOut("channels.bluebubbles was taken"),
    );
    const early = translated("clawdbot", "{ channels: { bluebubbles: {} }, imessage: {} }");
    expect(early.of("channels.bluebubbles")).toEqual(leftOut(expect.stringMatching(/^imessage was taken/)));
    expect(early.of("imessage").every(({ to }) => to !== undefined)).toBe(true);
  });

  it("is nothing of the channel where there is no block", () => {
    expect(openclaw("agents: {}").at("channels.imessage")).toBeUndefined();
  });
});

describe("regions", () => {
  /** Whether a number without a plus is kept as it is written: it means the same in every region alone if it is so read. */
  const kept = (block: string) =>
    openclaw(`channels: { imessage: { allowFrom: ["4155550123"], ${block} } }`).at(
      "channels.imessage.allowFrom",
    )?.value;

  it("are those of the channel and its accounts, beside the default", () => {
    expect(kept("")).toEqual(["+4155550123"]);
    const number = (source: string) =>
      openclaw(`channels: { imessage: { allowFrom: ["14155550123"], ${source} } }`).at(
        "channels.imessage.allowFrom",
      )?.value;
    expect(number("")).toEqual(["14155550123"]);
    for (const block of ["region: 'de'", "accounts: { a: { region: 'DE' } }"])
      expect(number(block)).toEqual(["+14155550123"]);
    for (const block of ["region: 'deu'", "region: 5", "region: 'us'"])
      expect(number(block)).toEqual(["14155550123"]);
  });
});

describe("blocks that both have", () => {
  it("acp: by other names, and times in seconds", () => {
    const { at, of } = openclaw(
      "acp: { defaultAgent: 'a', maxConcurrentSessions: 3, backend: 'x', runtime: { ttlMinutes: 2, otherMinutes: 5 }, stream: { idleMs: 300 } }",
    );
    expect(at("acp.agent")).toMatchObject({ value: "a", from: "acp.defaultAgent", marks: ["aside"] });
    expect(at("acp.maxProcesses")).toMatchObject({ value: 3, from: "acp.maxConcurrentSessions" });
    expect(at("acp.idleSeconds")).toMatchObject({ value: 120, from: "acp.runtime.ttlMinutes" });
    expect(at("acp.backend")).toMatchObject({ value: "x", why: undefined });
    expect(at("acp.runtime.otherMinutes")?.value).toBe(5);
    expect(at("acp.stream.idleMs")?.value).toBe(300);
    expect(of("acp.stream.idleMs")).toHaveLength(1);
    expect(openclaw("acp: { runtime: { ttlMinutes: '2' } }").at("acp.idleSeconds")).toBeUndefined();
  });

  it("logging: one format, and no silence", () => {
    const at = (source: string, key: string) => openclaw(`logging: { ${source} }`).at(`logging.${key}`);
    expect(at("consoleStyle: 'json'", "format")).toMatchObject({ value: "json", marks: ["aside"] });
    expect(at("consoleStyle: 'pretty'", "format")).toBeUndefined();
    for (const level of ["silent", "fatal"])
      expect(at(`level: '${level}'`, "level")).toMatchObject({
        value: "error",
        why: "errors are always logged here",
      });
    expect(at("level: 'debug'", "level")).toMatchObject({ value: "debug", why: undefined });
    expect(at("other: 'silent'", "other")).toMatchObject({ value: "silent" });
  });

  it("models: keys from the environment, and servers that speak what we speak", () => {
    const provider = (source: string) => openclaw(`models: { mode: 'x', providers: { p: { ${source} } } }`);
    const key = "models.providers.p.apiKey";
    expect(provider("apiKey: { source: 'env', id: 'KEY' }").at(key)).toMatchObject({
      value: "$".concat("{KEY}"),
      marks: ["aside"],
    });
    for (const source of ["{ source: 'file', id: 'KEY' }", "{ source: 'env', id: 5 }", "{ source: 'env' }"])
      expect(provider(`apiKey: ${source}`).of(key)).toEqual(
        leftOut(expect.stringContaining("from the environment")),
      );
    expect(provider("apiKey: 'k'").at(key)).toMatchObject({ value: "k", why: undefined });
    expect(provider("api: 'openai-responses'").at("models.providers.p.api")?.value).toBe(
      "openai-completions",
    );
    expect(provider("api: 'other'").at("models.providers.p.api")).toMatchObject({
      value: "other",
      why: undefined,
    });
    expect(provider("other: 'openai-responses'").at("models.providers.p.other")).toMatchObject({
      value: "openai-responses",
    });
    expect(provider("models: [{ id: 'a' }]").of("models.providers.p.models")).toEqual(
      leftOut(expect.any(String)),
    );
    expect(provider("").at("models.mode")?.value).toBe("x");
  });

  it("session and commands: people as they are named here", () => {
    const { at, of } = openclaw(
      "session: { identityLinks: { kim: ['telegram:5', '+15550100123'] }, dmScope: 'main', reset: { mode: 'daily' }, empty: {} }, commands: { ownerAllowFrom: ['5551000002'], text: false }",
    );
    expect(at("session.identityLinks.kim")?.value).toEqual(["+15550100123"]);
    expect(of("session.identityLinks.kim[0]")).toEqual(leftOut(expect.any(String)));
    expect(at("session.dmScope")?.value).toBe("main");
    expect(at("session.reset.mode")?.value).toBe("daily");
    expect(of("session.empty")).toEqual([]);
    expect(of("session")).toEqual([]);
    expect(at("commands.ownerAllowFrom")?.value).toEqual(["+5551000002"]);
    expect(at("commands.text")?.value).toBe(false);
    expect(openclaw("commands: {}").moves).toEqual([]);
  });

  it("access groups, whose people stand where they were named", () => {
    expect(openclaw("accessGroups: { f: {} }").of("accessGroups.f")).toEqual(
      leftOut(expect.any(String), "aside"),
    );
  });
});

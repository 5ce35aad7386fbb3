import JSON5 from "json5";
import { describe, expect, it } from "vitest";
import { importedFrom as run } from "../../test/support/imported-from.js";

describe("fitting values to our fields", () => {
  it("says which of two settings for the same thing holds", async () => {
    const { config, of } = await run(
      "openclaw",
      `{ channels: { imessage: { historyLimit: 30, chunkMode: "newline", streaming: { chunkMode: "newline", block: { enabled: true } }, blockStreaming: false } },
         messages: { groupChat: { historyLimit: 60 } } }`,
    );
    expect(config).toEqual({
      channels: { imessage: { historyLimit: 30, chunkMode: "newline", streaming: "block" } },
    });
    expect(of("messages.groupChat.historyLimit")).toEqual({
      key: "messages.groupChat.historyLimit",
      action: "dropped",
      why: "channels.imessage.historyLimit says something else, and holds",
    });
    expect(of("channels.imessage.blockStreaming")).toMatchObject({ action: "dropped" });
    // Said twice and the same, it is taken over twice.
    expect(of("channels.imessage.streaming.chunkMode")).toMatchObject({ action: "translated" });
  });

  it("takes the good ones of a list, and says what is wrong with the others", async () => {
    const { config, of } = await run(
      "remoteclaw",
      `{ channels: { imessage: { attachmentRoots: ["/Users/bot/Library/Messages/Attachments", "~/x"] } },
         messages: { groupChat: { mentionPatterns: ["@?bot", "(?=x)", "(y"] } } }`,
    );
    expect(config).toEqual({
      channels: { imessage: { attachmentRoots: ["/Users/bot/Library/Messages/Attachments"] } },
      messages: { groupChat: { mentionPatterns: ["@?bot"] } },
    });
    expect(of("channels.imessage.attachmentRoots[1]")).toMatchObject({ action: "dropped" });
    expect(of("messages.groupChat.mentionPatterns[1]")?.why).toContain("look-around");
    expect(of("messages.groupChat.mentionPatterns[2]")?.why).toContain("not a regular expression");
  });

  it("keeps what names a variable, whichever kind of value it stands for", async () => {
    const source = `{ channels: { imessage: {
      cliPath: "\${BIN}", remoteHost: "\${MAC}", region: "\${REGION}", allowFrom: ["\${ME}", "+15550100"],
      groupAllowFrom: ["\${ME}"], attachmentRoots: ["\${FOLDER}/Attachments"],
    } } }`;
    const { config, access, missing } = await run("remoteclaw", source);
    expect(config).toEqual(JSON5.parse(source));
    expect(access).toEqual({ gained: [], lost: [] });
    expect(missing.sort()).toEqual(["BIN", "FOLDER", "MAC", "ME", "REGION"]);
  });

  it("keeps a list of people closed when a variable in it holds nobody", async () => {
    const source = `{ channels: { imessage: { allowFrom: ["+15550100"], groupAllowFrom: ["\${ME}"] } } }`;
    const { config, of, access } = await run("openclaw", source, [], { ME: "nobody:1" });
    expect(config).toEqual({ channels: { imessage: { allowFrom: ["+15550100"], groupAllowFrom: [] } } });
    expect(of("channels.imessage.groupAllowFrom[0]")).toMatchObject({ action: "dropped" });
    expect(access.gained).toEqual([]);
  });

  it("puts the variables that the other file sets where they are named", async () => {
    const { config, of, report, access, missing } = await run(
      "openclaw",
      `{ env: { KEY: "s3cret", vars: { ME: "+15550100", SPARE: "x" }, shellEnv: { enabled: true } },
         channels: { imessage: { allowFrom: ["\${ME}"], name: "$\${ME}" } },
         models: { providers: { local: { baseUrl: "http://127.0.0.1:1/v1", apiKey: "\${KEY}" } } } }`,
    );
    expect(config).toEqual({
      channels: { imessage: { allowFrom: ["+15550100"], name: "$${ME}" } },
      models: { providers: { local: { baseUrl: "http://127.0.0.1:1/v1", apiKey: "s3cret" } } },
    });
    expect(of("env.vars.ME")).toMatchObject({
      action: "dropped",
      why: "its value stands where it was named",
    });
    expect(of("env.vars.SPARE")?.why).toContain("environment of the gateway");
    expect(of("env.shellEnv")).toMatchObject({ action: "dropped" });
    expect(JSON.stringify(report)).not.toContain("s3cret");
    expect(access).toEqual({ gained: [], lost: [] });
    expect(missing).toEqual([]);
  });
});

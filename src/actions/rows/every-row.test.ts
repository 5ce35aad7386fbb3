import { describe, expect, it } from "vitest";
import { readAction } from "../parameters.js";
import { actionNames, rowOf } from "./index.js";

/** What agents and people write for a parameter beside its first name (behaviour 11.0). */
const otherNames: Record<string, string> = {
  text: "message newText caption",
  messageId: "messageSid MessageSid MessageSidFull message_id replyTo pollId",
  emoji: "reaction",
  effect: "effectId",
  path: "media filePath file",
  filename: "fileName",
  asVoice: "voice",
  name: "displayName",
  address: "participant",
  question: "pollQuestion",
  options: "pollOption option",
  option: "pollOption",
  optionId: "pollOptionId",
  optionIndex: "pollOptionIndex",
};

describe("every action", () => {
  it("has its toggle, what the Mac needs for it, and who may do it (behaviour 11.1)", () => {
    const facts = actionNames.map((name) => {
      const { toggle = "-", ability = "-", group, writes, begins } = rowOf(name);
      const marks = [group && "group", writes && "writes", begins && "begins"].filter(Boolean).join(" ");
      return `${name} ${toggle} ${ability} ${marks}`.trim();
    });
    expect(facts).toEqual([
      "send - - writes begins",
      "read - - begins",
      "react reactions react",
      "edit edit edit",
      "unsend unsend unsend",
      "reply reply reply",
      "sendWithEffect sendWithEffect effect writes",
      "upload-file sendAttachment attachment writes begins",
      "renameGroup renameGroup renameGroup group",
      "setGroupIcon setGroupIcon setGroupIcon group",
      "addParticipant addParticipant addParticipant group",
      "removeParticipant removeParticipant removeParticipant group",
      "leaveGroup leaveGroup leaveGroup group",
      "poll polls poll writes",
      "poll-vote polls pollVote",
    ]);
  });

  it.each(actionNames)("%s takes each parameter under every name", (action) => {
    const { parameters } = rowOf(action);
    const value = (name: string) => {
      const { kind } = parameters[name]!;
      if (kind === "flag") return true;
      if (kind === "number") return 2;
      return kind === "paths" || kind === "list" ? ["a", "b"] : "a";
    };
    const given = Object.fromEntries(Object.keys(parameters).map((name) => [name, value(name)]));
    expect(readAction(action, given)).toEqual({ ok: true, value: { action, ...given } });
    for (const name of Object.keys(parameters)) {
      const others = action === "poll" && name === "options" ? "pollOption option" : (otherNames[name] ?? "");
      for (const other of others.split(" ").filter(Boolean)) {
        const { [name]: one, ...rest } = given;
        expect(readAction(action, { ...rest, [other]: one }), `${name} as ${other}`).toEqual({
          ...{ ok: true, value: { action, ...given } },
        });
      }
    }
  });

  it.each(
    actionNames.flatMap((action) =>
      Object.entries(rowOf(action).parameters).flatMap(([name, { required }]) =>
        required ? [[action, name]] : [],
      ),
    ) as [(typeof actionNames)[number], string][],
  )("%s needs its %s", (action, name) => {
    const { parameters } = rowOf(action);
    const given = Object.fromEntries(
      Object.entries(parameters).flatMap(([each, { kind }]) =>
        each === name || kind === "flag"
          ? []
          : [[each, kind === "number" ? 2 : kind === "list" ? ["a", "b"] : "a"]],
      ),
    );
    expect(readAction(action, given)).toMatchObject({
      ...{
        ok: false,
        error: { code: "ACTION_PARAMETERS", message: expect.stringContaining(`needs ${name}`) },
      },
    });
  });
});

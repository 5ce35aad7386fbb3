import { describe, expect, it } from "vitest";
import { item } from "../../../test/contract/store/bench.js";
import { err, ok, TapbackError } from "../../platform/index.js";
import { readAction } from "../parameters.js";
import type { PlanContext } from "../plan.js";
import { rowOf } from "./index.js";

const no = (code: "MESSAGE_ID_UNKNOWN" | "MESSAGE_NOT_OURS" | "FILE_MISSING") =>
  err(new TapbackError(code, "no"));
const poll = { options: [{ id: "o1", text: "Friday" }] };

/** A conversation with one message, `theirs`, and one of ours, `ours`, which are the polls too; a file `bad` cannot be sent. */
function there(tapback?: string) {
  const removed: string[] = [];
  const guids: Record<string, string> = { theirs: "GUID-T", ours: "GUID-O" };
  const context: PlanContext = {
    region: "US",
    messages: {
      named: async (id) =>
        guids[id] === undefined
          ? no("MESSAGE_ID_UNKNOWN")
          : ok({ guid: guids[id], fromMe: id === "ours", isOfChat: true }),
      own: async (id) =>
        id === "ours" ? ok({ guid: "GUID-O", fromMe: true, isOfChat: true }) : no("MESSAGE_NOT_OURS"),
      newest: async (limit) => ok({ limit }),
      ownTapback: async (guid) => (guid === "GUID-T" ? tapback : undefined),
      poll: async (guid) => (guid === "GUID-T" ? poll : undefined),
    },
    files: {
      ready: async ({ path, buffer }, asVoice) =>
        path === "bad" ? no("FILE_MISSING") : ok(`copy of ${path ?? buffer}${asVoice ? " as voice" : ""}`),
      remove: async (path) => void removed.push(path),
    },
    item: (content) => item("", 7, content),
    texts: (text, extras) => [item(text, 7, extras)],
    queued: (name, parameters) => ({ ...item(""), act: { name, parameters: { ...parameters } } }),
    onMac: (action, parameters) => ({
      run: async () => ({ state: "done", facts: {} }),
      act: { name: action, parameters: { ...parameters } },
    }),
  };
  /** What an action comes to: the code of its error, what it sends, or what it asks of the Mac. */
  const plan = async (name: string, given: Record<string, unknown>) => {
    const request = readAction(name, given);
    if (!request.ok) throw request.error;
    const { action, ...parameters } = request.value;
    const planned = await rowOf(action).plan(parameters, context);
    return planned.ok ? planned.value : planned.error.code;
  };
  return { plan, removed };
}

const call = (name: string, parameters: object) => ({
  run: expect.any(Function),
  act: { name, parameters },
});

describe("an action about a message", () => {
  it.each<[string, object]>([
    ["react", { emoji: "love" }],
    ["react", { remove: true }],
    ["reply", { text: "a" }],
    ["upload-file", { path: "/a" }],
    ["poll", { question: "q", options: ["a", "b"] }],
    ["poll-vote", { option: "Friday" }],
  ])("does nothing where there is no such message: %s %j", async (name, given) => {
    expect(await there("like").plan(name, { ...given, messageId: "nobody's" })).toBe("MESSAGE_ID_UNKNOWN");
  });

  it.each<[string, object, object]>([
    ["edit", { text: "**new**\n- one" }, { text: "new\n• one" }],
    ["unsend", {}, {}],
  ])("changes ours alone: %s", async (name, given, more) => {
    const { plan } = there();
    expect(await plan(name, { ...given, messageId: "theirs" })).toBe("MESSAGE_NOT_OURS");
    if ("text" in given) expect(await plan(name, { text: ">", messageId: "ours" })).toBe("ACTION_PARAMETERS");
    expect(await plan(name, { ...given, messageId: "ours" })).toEqual(
      call(name, { message: "GUID-O", ...more }),
    );
  });

  it("takes the tapback that is named off, or else whichever is ours", async () => {
    const message = "GUID-T";
    const react = (given: object, tapback?: string) =>
      there(tapback).plan("react", { messageId: "theirs", ...given });
    expect(await react({ emoji: "love" })).toEqual(
      call("react", { message, reaction: "love", remove: false }),
    );
    expect(await react({ emoji: "🎉", remove: true }, "like")).toEqual(
      call("react", { message, reaction: "🎉", remove: true }),
    );
    expect(await react({ remove: true }, "like")).toEqual(
      call("react", { message, reaction: "like", remove: true }),
    );
    expect(await react({ remove: true })).toBe("TAPBACK_UNKNOWN");
    expect(await react({}, "like")).toBe("ACTION_PARAMETERS");
    expect(await react({ emoji: "nonsense" }, "like")).toBe("TAPBACK_UNKNOWN");
  });

  it("puts a poll behind a message or alone, and votes in it", async () => {
    const { plan } = there();
    const asked = { question: "When?", options: ["Friday", "Monday"] };
    const queued = (parameters: object) => ({
      ...{ sends: [{ ...item(""), act: { name: "poll", parameters } }], needs: "poll" },
    });
    expect(await plan("poll", asked)).toEqual(queued(asked));
    expect(await plan("poll", { ...asked, messageId: "theirs" })).toEqual(
      queued({ ...asked, replyTo: "GUID-T" }),
    );
    const vote = (given: object) => plan("poll-vote", { messageId: "theirs", ...given });
    expect(await vote({ option: "friday" })).toEqual(
      call("pollVote", { poll: "GUID-T", option: { id: "o1" } }),
    );
    expect(await vote({ optionIndex: 1 })).toEqual(
      call("pollVote", { poll: "GUID-T", option: { id: "o1" } }),
    );
    expect(await vote({ option: "Sunday" })).toBe("ACTION_PARAMETERS");
    expect(await vote({})).toBe("ACTION_PARAMETERS");
  });
});

describe("an action that sends", () => {
  it("sends texts, then files, and something at least", async () => {
    const { plan } = there();
    expect(await plan("send", { text: "a", media: ["/1", "/2"] })).toEqual({
      sends: [item("a"), item("", 7, { file: "copy of /1" }), item("", 7, { file: "copy of /2" })],
    });
    expect(await plan("send", { media: "/1" })).toEqual({ sends: [item("", 7, { file: "copy of /1" })] });
    expect(await plan("send", { text: "a" })).toEqual({ sends: [item("a")] });
    expect(await plan("send", {})).toBe("ACTION_PARAMETERS");
    expect(await plan("send", { text: "a", media: ["/1", "bad"] })).toBe("FILE_MISSING");
  });

  it("sends a file with its caption behind it, as an answer, or as a recording", async () => {
    const { plan } = there();
    const file = "copy of /a";
    expect(await plan("upload-file", { path: "/a" })).toEqual({
      sends: [item("", 7, { file, replyTo: undefined })],
      needs: "attachment",
    });
    expect(await plan("upload-file", { path: "/a", text: "look", messageId: "theirs" })).toEqual({
      sends: [item("", 7, { file, replyTo: "GUID-T" }), item("look")],
      needs: "attachment",
    });
    expect(await plan("upload-file", { path: "/a", asVoice: true })).toEqual({
      sends: [item("", 7, { file: `${file} as voice`, replyTo: undefined, voice: true, strict: true })],
      needs: "voice",
    });
    expect(await plan("upload-file", { path: "bad" })).toBe("FILE_MISSING");
  });

  it("says a text in a thread, or with an effect that there is", async () => {
    const { plan } = there();
    expect(await plan("reply", { messageId: "theirs", text: "a" })).toEqual({
      sends: [item("a", 7, { replyTo: "GUID-T", strict: true })],
      needs: "reply",
    });
    expect(await plan("sendWithEffect", { text: "a", effect: "slam" })).toEqual({
      sends: [item("a", 7, { effect: "com.apple.MobileSMS.expressivesend.impact", strict: true })],
      needs: "effect",
    });
    expect(await plan("sendWithEffect", { text: "a", effect: "nonsense" })).toBe("ACTION_PARAMETERS");
  });
});

it("reads as many of the newest messages as are asked for", async () => {
  const { plan } = there();
  const look = async (given: object) => {
    const planned = await plan("read", { ...given });
    return typeof planned === "object" && "look" in planned && planned.look();
  };
  expect(await look({})).toEqual(ok({ limit: 20 }));
  expect(await look({ limit: 3 })).toEqual(ok({ limit: 3 }));
});

describe("an action that changes a group", () => {
  it.each(["addParticipant", "removeParticipant"])(
    "%s takes a person, however they are written",
    async (name) => {
      const { plan } = there();
      for (const [address, person] of [
        ["(555) 010-0777", "+15550100777"],
        ["Sam@Example.com", "sam@example.com"],
      ])
        expect(await plan(name, { address })).toEqual(call(name, { address: person }));
      for (const address of ["chat_id:8", "iMessage;-;+15550100777", "Mia", "12"])
        expect(await plan(name, { address }), address).toBe("ACTION_PARAMETERS");
    },
  );

  it("gives it a name, or none, and leaves it", async () => {
    const { plan } = there();
    expect(await plan("renameGroup", { name: "Trip" })).toEqual(call("renameGroup", { name: "Trip" }));
    expect(await plan("renameGroup", { name: "" })).toEqual(call("renameGroup", { name: "" }));
    expect(await plan("leaveGroup", {})).toEqual(call("leaveGroup", {}));
  });

  it("sets its picture, and keeps no copy of it", async () => {
    const { plan, removed } = there();
    const file = "copy of /a";
    const planned = await plan("setGroupIcon", { path: "/a" });
    expect(planned).toEqual({ ...call("setGroupIcon", { file }), file });
    expect(removed).toEqual([]);
    if (typeof planned === "object" && "run" in planned) await planned.run();
    expect(removed).toEqual([file]);
    expect(await plan("setGroupIcon", { path: "bad" })).toBe("FILE_MISSING");
  });
});

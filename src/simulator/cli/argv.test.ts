import { describe, expect, it } from "vitest";
import { asksForJson, commonOptions, Given, type Option } from "./argv.js";

const options: Option[] = [
  { name: "chat-id", value: "id", help: "", integer: true, required: true },
  { name: "reaction", value: "kind", help: "", short: "r" },
  { name: "attach", value: "path", help: "", repeat: true },
  { name: "people", value: "handles", help: "", many: true },
  { name: "remove", help: "" },
  ...commonOptions,
];
const lenient = (...args: string[]) => new Given(args, options, "lenient");

describe("a command line", () => {
  it("is read in its forms", () => {
    const given = new Given(
      ["--chat-id", "7", "-r", "love", "--attach=a=b", "--attach", "c", "--json"],
      options,
    );
    expect(given.integer("chat-id")).toBe(7);
    expect(given.text("reaction")).toBe("love");
    expect(given.list("attach")).toEqual(["a=b", "c"]);
    expect([given.has("json"), given.has("remove")]).toEqual([true, false]);
  });

  it("takes a value that looks like an option", () => {
    expect(new Given(["--chat-id", "1", "--reaction", "-1"], options).text("reaction")).toBe("-1");
  });

  it("gives an option many words, each with several values", () => {
    const given = new Given(
      ["--chat-id", "1", "--people", "a,,b", "c", "--remove", "--people", "d"],
      options,
    );
    expect(given.many("people")).toEqual(["a", "b", "c", "d"]);
    expect(new Given(["--chat-id", "1", "--people"], options).many("people")).toBeUndefined();
  });

  it("is read as imsg does before 0.14.0", () => {
    const given = lenient("stray", "--chat-id", "7", "-jv", "word", "--", "--bogus");
    expect([given.integer("chat-id"), given.has("json"), given.has("verbose")]).toEqual([7, true, true]);
    for (const wrong of ["x", "7.0", " 7", "9223372036854775808"])
      expect(() => lenient("--chat-id", "7", "--chat-id", wrong), wrong).toThrow(
        "Missing required option: --chat-id",
      );
    expect(lenient("--chat-id", "+7").integer("chat-id")).toBe(7);
    expect(() => lenient("--chat-id", "-7")).toThrow("Missing value for option chat-id");
    expect(() => lenient("--chat-id=7")).toThrow("Unknown option --chat-id=7");
  });

  it.each([
    [["chats", "--json"], true],
    [["chats", "-j"], true],
    [["chats", "-vj"], true],
    [["chats", "--json-output"], true],
    [["chats", "--jsonOutput"], true],
    [["chats", "-v"], false],
    [["send", "--text", "json"], false],
  ])("asks for JSON or not: %j", (args, asks) => {
    expect(asksForJson(args)).toBe(asks);
  });

  it("says what is wrong as imsg does", () => {
    expect(() => new Given([], options)).toThrow("Missing required option: --chat-id");
    expect(() => new Given(["--chat-id", "x"], options)).toThrow("Invalid value for option: --chat-id");
    expect(() => new Given(["--bogus"], options)).toThrow("Unknown option --bogus");
  });
});

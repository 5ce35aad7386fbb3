import { describe, expect, it } from "vitest";
import { Given, type Option } from "./argv.js";

const options: Option[] = [
  { name: "chat-id", value: "id", help: "", integer: true, required: true },
  { name: "reaction", value: "kind", help: "", short: "r" },
  { name: "attach", value: "path", help: "", repeat: true },
  { name: "remove", help: "" },
];

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

  it("says what is wrong as imsg does", () => {
    expect(() => new Given([], options)).toThrow("Missing required option: --chat-id");
    expect(() => new Given(["--chat-id", "x"], options)).toThrow("Invalid value for option: --chat-id");
    expect(() => new Given(["--bogus"], options)).toThrow("Unknown option --bogus");
  });
});

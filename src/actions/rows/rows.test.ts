import { describe, expect, it } from "vitest";
import { accountDefaults } from "../../config/index.js";
import { describeAction } from "../describe-action.js";
import { actionNamed, actionNames, namesOf, optionsOf, pathNames, rowOf, targetForms } from "./index.js";

const parametersOf = (name: (typeof actionNames)[number]) => Object.entries(rowOf(name).parameters);

describe("the rows of the actions", () => {
  it("use every toggle of the configuration", () => {
    expect([...new Set(actionNames.flatMap((name) => rowOf(name).toggle ?? []))].sort()).toEqual(
      Object.keys(accountDefaults.actions).sort(),
    );
  });

  it.each(actionNames)("%s calls no two things alike", (name) => {
    const names = parametersOf(name).flatMap(([parameter, facts]) => namesOf(parameter, facts));
    const all = [...names, ...Object.keys(targetForms)];
    expect(all.filter((each, at) => all.indexOf(each) !== at)).toEqual([]);
  });

  it("give a model one meaning for each name", () => {
    const meanings = new Map<string, Set<string>>();
    for (const { name, type, about } of actionNames.flatMap((each) => describeAction(each).parameters))
      meanings.set(name, (meanings.get(name) ?? new Set()).add(`${type} ${about}`));
    expect([...meanings].filter(([, all]) => all.size > 1)).toEqual([]);
  });

  it.each(actionNames)("%s says in words what it does, what it takes, and how it is typed", (name) => {
    const { command, parameters } = rowOf(name);
    expect(command.about).toMatch(/\w/);
    expect(command.words).toMatch(/^[a-z-]+( [a-z-]+)?$/);
    expect(command.examples.length).toBeGreaterThan(0);
    for (const example of command.examples)
      expect(example.startsWith(`tapback message ${command.words} --`), example).toBe(true);
    for (const [parameter, { about }] of Object.entries(parameters)) expect(about, parameter).toMatch(/\w/);
  });

  it("say which names take the path of a file, so that a relative one is of where it was typed", () => {
    expect([...pathNames].sort()).toEqual(["file", "filePath", "media", "path"]);
  });

  it("are found by an older name", () => {
    expect(actionNamed("sendAttachment")).toBe("upload-file");
    expect(actionNamed("toString")).toBeUndefined();
  });

  it("give the command line each parameter under every name that can be written so", () => {
    const flags = (isHidden: boolean) =>
      optionsOf(rowOf("upload-file").parameters)
        .filter((option) => option.isHidden === isHidden)
        .map((option) => option.flags);
    expect(flags(false)).toEqual([
      ...["--buffer <base64>", "--media <path>", "--filename <name>", "--message <text>"],
      ...["--message-id <id>", "--as-voice"],
    ]);
    expect(flags(true)).toEqual(
      expect.arrayContaining(["--path <path>", "--file-path <path>", "--text <text>", "--voice"]),
    );
    expect(optionsOf(rowOf("poll").parameters)).toContainEqual({
      flags: "--option <text>",
      about: "the answers, two or more; may be given several times",
      isRepeated: true,
      isHidden: false,
    });
  });
});

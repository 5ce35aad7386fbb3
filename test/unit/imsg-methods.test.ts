import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { profileOf } from "../../src/simulator/profiles/played.js";

const root = join(import.meta.dirname, "../..");
const [methods = [], notifications = []] = tables(readFileSync(join(root, "docs/imsg-methods.md"), "utf8"));
const profile = profileOf("0.19.1");

/** The tables of a page: the cells of each row, without the head. */
function tables(page: string): string[][][] {
  return page
    .split("\n\n")
    .filter((block) => block.startsWith("|"))
    .map((block) =>
      block
        .trimEnd()
        .split("\n")
        .slice(2)
        .map((row) =>
          row
            .split("|")
            .slice(1, -1)
            .map((cell) => cell.trim().replaceAll("`", "")),
        ),
    );
}

it("names every method and notification of 0.19.1, in their order", () => {
  expect(methods.map(([name]) => name)).toEqual(Object.keys(profile.methods));
  expect(notifications.map(([name]) => name)).toEqual(profile.notifications);
});

it.each([...methods, ...notifications])("says of %s where it is: %s", (name, does, gateway, simulator) => {
  expect(does?.startsWith("not used")).toBe(gateway === "");
  const names = (file: string) => readFileSync(join(root, file), "utf8").includes(name!.split(".")[0]!);
  if (gateway) expect(names(gateway), gateway).toBe(true);
  if (simulator !== "not played") expect(names(simulator!), simulator).toBe(true);
});

import { expect, it } from "vitest";
import { projectFiles } from "../support/project-files.js";

/**
 * The files of a worker share the sources that it loaded (`vitest.config.ts`). Who puts a module of its own in the place of one
 * of them would find the other one there, or leave its own to the next file, so it is not among them (`vitest.config.ts`), and `vitest.faults.config.ts`
 * gives each of its files a worker for itself.
 */
const apart = ["test/integration/accounts-apart.property.test.ts"];

it("puts modules in the place of others in files alone that run apart", () => {
  const found = projectFiles([".ts"])
    .filter(({ text }) => /\bvi\.(?:do)?[mM]ock\(/.test(text))
    .map(({ path }) => path);
  expect(found).toEqual(apart);
  const config = projectFiles([".ts"]).find(({ path }) => path === "vitest.config.ts")!;
  for (const file of apart) expect(config.text).toContain(`"${file}"`);
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { keptLicence, licenceIn } from "../../build/licences.js";

const root = join(import.meta.dirname, "../..");
const dist = join(root, "dist");
const files = readdirSync(dist, { recursive: true, encoding: "utf8" });

/** By `name version`: the text that the notices have for it. */
const noticed = new Map(
  readFileSync(join(dist, "THIRD-PARTY-NOTICES.txt"), "utf8")
    .split(`${"=".repeat(80)}\n`)
    .slice(1)
    .flatMap((part) => {
      const [names = "", text = ""] = part.split(`${"-".repeat(80)}\n`);
      return names
        .trim()
        .split("\n")
        .map((line) => [line.replace(/ \([^)]*\)$/, ""), text.trim()] as const);
    }),
);

/** The bundler writes above each module where it is from; the second kind is of packages that are bundles themselves. */
function packagesIn(file: string): Set<string> {
  const found = new Set<string>();
  for (const [, module = ""] of readFileSync(file, "utf8").matchAll(/^\/\/#region (node_modules\/.*)$/gm)) {
    const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(module)!;
    const { name, version } = JSON.parse(readFileSync(join(root, folder!, "package.json"), "utf8"));
    found.add(`${name} ${version}`);
    const inside = readFileSync(join(root, module), "utf8").matchAll(
      /^\/\/#region .*\/\.pnpm\/.*?@(\d[\d.]*).*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//gm,
    );
    for (const [, innerVersion, innerName] of inside) found.add(`${innerName} ${innerVersion}`);
  }
  return found;
}

it("names every package that is in the build, with the text of its licence", () => {
  const bundled = new Set(
    files.filter((file) => /\.c?js$/.test(file)).flatMap((file) => [...packagesIn(join(dist, file))]),
  );
  // The reading of the build works: what is surely in it is found.
  for (const name of ["zod", "pino", "commander", "@ai-sdk/openai", "@photostructure/sqlite", "ajv"])
    expect([...bundled].some((one) => one.startsWith(`${name} `))).toBe(true);
  const without = [...bundled].filter((one) => !/copyright|public domain/i.test(noticed.get(one) ?? ""));
  expect(without).toEqual([]);
});

it("names what the binaries of SQLite are made of", () => {
  const binaries = files.filter((file) => file.endsWith(".node"));
  expect(binaries.length).toBe(6);
  const names = [...noticed.keys()].map((one) => one.replace(/ \S+$/, ""));
  expect(names).toEqual(expect.arrayContaining(["SQLite", "Node.js", "node-addon-api"]));
});

it("stops a build over a package without the text of its licence", () => {
  const folder = mkdtempSync(join(tmpdir(), "licence-"));
  try {
    writeFileSync(join(folder, "package.json"), `{ "name": "bare", "version": "1.0.0", "license": "MIT" }`);
    expect(() => licenceIn(folder)).toThrow("put it into build/licences/bare.txt");
    writeFileSync(join(folder, "LICENCE.md"), "Copyright Nobody\n");
    expect(licenceIn(folder)).toEqual({
      name: "bare",
      version: "1.0.0",
      licence: "MIT",
      text: "Copyright Nobody",
    });
    expect(keptLicence("ajv", "8.0.0")).toMatchObject({ licence: "MIT" });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Rolldown } from "tsdown";
import { keptLicence, licenceIn, type Notice } from "./licences.js";

/** By name and version. The builds of one run write one file together. */
const notices = new Map<string, Notice>();

/**
 * Writes `THIRD-PARTY-NOTICES.txt` into the output folder: all software that the bundler says it took code from, each
 * with its licence.
 * @throws when the text of a licence is not known
 */
export const thirdPartyNotices: Rolldown.Plugin = {
  name: "third-party-notices",
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== "chunk") continue;
      for (const [id, { renderedLength }] of Object.entries(chunk.modules))
        if (renderedLength > 0 && id.includes("/node_modules/")) for (const one of softwareIn(id)) add(one);
    }
  },
  writeBundle({ dir = "." }) {
    writeFileSync(join(dir, "THIRD-PARTY-NOTICES.txt"), page([...notices.values()]));
  },
};

function add(notice: Notice): void {
  notices.set(`${notice.name} ${notice.version}`, notice);
}

/** @returns the package of a module, and what that package has in itself */
function softwareIn(id: string): Notice[] {
  const folder = folderOf(id);
  const own = licenceIn(folder);
  return [own, ...bundledBefore(id), ...(own.name === "@photostructure/sqlite" ? compiledIn(folder) : [])];
}

/** @returns the folder of the package that a module belongs to: not that of a package.json that only names a format */
function folderOf(id: string): string {
  for (let folder = dirname(id); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).version !== undefined)
      return folder;
  }
  throw new Error(`${id} belongs to no package`);
}

/** A package may be a bundle itself; the bundler of this kind leaves the paths of what it took. */
function bundledBefore(id: string): Notice[] {
  const paths = readFileSync(id, "utf8").matchAll(
    /^\/\/#region .*\/\.pnpm\/[^/]*?@(\d[^/_]*)[^/]*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//gm,
  );
  return [...paths].map(([, version, name]) => keptLicence(name!, version!));
}

/** What the binaries of SQLite's package are made of. */
function compiledIn(folder: string): Notice[] {
  const { versions } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return [
    licenceIn(join(folder, "../../node-addon-api")),
    keptLicence("Node.js", versions.nodejs),
    keptLicence("SQLite", versions.sqlite),
  ];
}

function page(all: Notice[]): string {
  const byText = new Map<string, string[]>();
  for (const { name, version, licence, text } of all)
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${licence})`].sort());
  const parts = [...byText]
    .sort(([, [one = ""]], [, [other = ""]]) => (one < other ? -1 : 1))
    .map(([text, names]) => `${"=".repeat(80)}\n${names.join("\n")}\n${"-".repeat(80)}\n${text}\n`);
  return `Tapback contains code of the software below, each under its own licence.\n\n${parts.join("\n")}`;
}

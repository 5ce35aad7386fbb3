import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A piece of software whose code is in the build. */
export interface Notice {
  name: string;
  version: string;
  /** SPDX identifier. */
  licence: string;
  /** Copyright and licence, as its authors give them. */
  text: string;
}

/** Texts of software that comes without one; the first line is the SPDX identifier. */
const kept = join(import.meta.dirname, "licences");

/**
 * Finds the licence of an installed package.
 * @param folder the package's
 * @throws when there is no text of it
 */
export function licenceIn(folder: string): Notice {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)([.-]|$)/i.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), "utf8").trim());
  if (texts.length === 0) return keptLicence(name, version);
  return { name, version, licence: license, text: texts.join("\n\n") };
}

/**
 * Finds the licence of software that is part of a package's own files, or has no text among them.
 * @throws when `build/licences/NAME.txt` does not exist
 */
export function keptLicence(name: string, version: string): Notice {
  const file = join(kept, `${name}.txt`);
  if (!existsSync(file))
    throw new Error(
      `${name} ${version} is in the build, but its licence is not: put it into build/licences/${name}.txt`,
    );
  const [licence = "", ...lines] = readFileSync(file, "utf8").split("\n");
  return { name, version, licence, text: lines.join("\n").trim() };
}

// `npm run release -- VERSION [--dry-run]`: sets the version, closes the changelog's part, commits and tags. Nothing leaves
// this machine: pushing the tag publishes (packaging/README.md).
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const words = process.argv.slice(2);
const isDry = words.includes("--dry-run");
const [version] = words.filter((word) => word !== "--dry-run");
const git = (...args) => execFileSync("git", args, { encoding: "utf8" }).trim();

/** Ends with a reason and what to do. */
function refuse(why) {
  console.error(`error: ${why}`);
  process.exit(1);
}

/** `1.2.3` as numbers, to compare. */
function numbersOf(text) {
  return text.split(".").map(Number);
}

function isLater(one, other) {
  const [left, right] = [numbersOf(one), numbersOf(other)];
  const at = left.findIndex((number, index) => number !== right[index]);
  return at !== -1 && left[at] > right[at];
}

if (!/^\d+\.\d+\.\d+$/.test(version ?? "")) {
  console.error("usage: npm run release -- 1.2.3 [--dry-run]");
  process.exit(2);
}
const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const changelog = readFileSync("CHANGELOG.md", "utf8");
const [, notes = ""] = /^## Unreleased\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(changelog) ?? [];
const branch = git("rev-parse", "--abbrev-ref", "HEAD");
const isFirst = git("tag", "--list", "v*") === "";

// The first release has the version that stands there.
if (!isLater(version, manifest.version) && !(isFirst && version === manifest.version))
  refuse(`${version} is not later than ${manifest.version}`);
if (notes.trim() === "") refuse("CHANGELOG.md has nothing under “Unreleased”: write what is new for users");
if (branch !== "main") refuse(`a release is made on main, and this is ${branch}`);
if (git("status", "--porcelain") !== "")
  refuse("there are changes that are not committed: commit or put them aside");
if (git("tag", "--list", `v${version}`) !== "") refuse(`v${version} is there already`);

const day = new Date().toISOString().slice(0, 10);
const files = {
  "package.json": withVersion("package.json", 1),
  // The lockfile names the project's version twice, at its top.
  "package-lock.json": withVersion("package-lock.json", 2),
  "CHANGELOG.md": changelog.replace("## Unreleased\n", `## Unreleased\n\n## ${version} (${day})\n`),
};

function withVersion(file, times) {
  let left = times;
  return readFileSync(file, "utf8").replace(/^( {2,6}"version": )"[^"]*"/gm, (line, key) =>
    left-- > 0 ? `${key}"${version}"` : line,
  );
}

if (isDry) {
  console.log(`Would set ${manifest.version} to ${version} in ${Object.keys(files).join(", ")},`);
  console.log(`commit “Release ${version}”, and tag it v${version} with these notes:\n\n${notes.trim()}`);
} else {
  for (const [file, text] of Object.entries(files)) writeFileSync(file, text);
  git("commit", "--quiet", "--message", `Release ${version}`, "--", ...Object.keys(files));
  git("tag", "--annotate", "--cleanup=verbatim", "--message", `${version}\n\n${notes.trim()}`, `v${version}`);
  console.log(`Committed and tagged v${version}. To publish it: git push origin main v${version}`);
}

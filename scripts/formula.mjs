// Writes the Homebrew formula of a packed file to standard output:
// node scripts/formula.mjs tapback-0.2.0.tgz https://…/tapback-0.2.0.tgz https://…
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [file, address, homepage] = process.argv.slice(2);
if (homepage === undefined) {
  console.error("usage: node scripts/formula.mjs PACKED-FILE ADDRESS HOMEPAGE");
  process.exit(2);
}
const values = {
  ADDRESS: address,
  HOMEPAGE: homepage,
  SHA256: createHash("sha256").update(readFileSync(file)).digest("hex"),
};
const template = readFileSync(join(import.meta.dirname, "../packaging/homebrew/tapback.rb"), "utf8");
const body = template.replace(/^#.*\n/, "").replace(/@([A-Z\d]+)@/g, (_, name) => values[name]);
process.stdout.write(body);

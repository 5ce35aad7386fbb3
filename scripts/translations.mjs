// `npm run translations`: writes into each translated page which state of the original it follows, by section. Run it when
// the translation was brought up to date; `test/unit/translations.test.ts` finds pages that fell behind.
import { readFileSync, writeFileSync } from "node:fs";
import { marked, translatedPages } from "./followed-pages.mjs";

for (const path of translatedPages()) {
  const before = readFileSync(path, "utf8");
  const after = marked(path, before);
  if (after === before) continue;
  writeFileSync(path, after);
  console.log(path);
}

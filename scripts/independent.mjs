// `npm run test:independent`: random kills, and prompts that take the agent over, judged by a witness in Python that shares
// no code with the project. `-- kills --kills N --seed N` or `-- takeover --prompts N --seed N` runs one of them.
import { join } from "node:path";
import { build, install, root, run } from "./build.mjs";

install();
build();
const [one, ...words] = process.argv.slice(2);
for (const script of one === undefined ? ["kills", "takeover"] : [one])
  run("python3", [join(root, "test/independent", `${script}.py`), ...words]);

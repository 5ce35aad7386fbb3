import { expect, it } from "vitest";
import { typedRemedy } from "./remedy.js";

it("makes commands of the port, the key and the login of the wrapper", async () => {
  const mac = { host: "kim@127.0.0.1", options: ["-p", "2229", "-i", "/keys/my key"] };
  const hint = "When it is right: `ssh-keygen -R HOST`, then `ssh HOST`; `ssh -T HOST true` must work.";
  const ssh = "ssh -p 2229 -i '/keys/my key'";
  // Without an ssh to ask, too.
  for (const env of [undefined, { PATH: "/nowhere" }])
    expect(await typedRemedy(hint, mac, env)).toBe(
      `When it is right: \`ssh-keygen -R '[127.0.0.1]:2229'\`, then \`${ssh} kim@127.0.0.1\`; \`${ssh} -T kim@127.0.0.1 true\` must work.`,
    );
});

it("leaves alone what names no host, and takes no brackets for ssh", async () => {
  expect(await typedRemedy("Switch Remote Login on.", { host: "mac", options: [] })).toBe(
    "Switch Remote Login on.",
  );
  expect(await typedRemedy("`ssh HOST`", { host: "kim@[::1]", options: [] })).toBe("`ssh kim@::1`");
});

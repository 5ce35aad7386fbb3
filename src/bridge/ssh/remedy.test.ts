import { afterAll, expect, it } from "vitest";
import { FakeSsh } from "../../../test/support/fake-ssh.js";
import { typedRemedy } from "./remedy.js";

it("makes commands of the port, the key and the login of the wrapper", async () => {
  const mac = { host: "kim@127.0.0.1", options: ["-o", "Port=2229", "-o", "IdentityFile=/keys/my key"] };
  const hint = "When it is right: `ssh-keygen -R HOST`, then `ssh HOST`; `ssh -T HOST true` must work.";
  const ssh = "ssh -o Port=2229 -o 'IdentityFile=/keys/my key'";
  // Without an ssh to ask, too.
  for (const env of [undefined, { PATH: "/nowhere" }])
    expect(await typedRemedy(hint, mac, env)).toBe(
      `When it is right: \`ssh-keygen -R '[127.0.0.1]:2229'\`, then \`${ssh} kim@127.0.0.1\`; \`${ssh} -T kim@127.0.0.1 true\` must work.`,
    );
});

const fake = new FakeSsh();
afterAll(() => fake.close());

it.each([
  ["hostname 10.0.0.9\\nport 22\\nuserknownhostsfile ~/.ssh/known_hosts ~/.ssh/known_hosts2", "-R 10.0.0.9"],
  ["hostname 10.0.0.9\\nport 2200", "-R '[10.0.0.9]:2200'"],
  ["hostname 10.0.0.9\\nport 2200\\nhostkeyalias studio", "-R studio"],
  [
    "hostname mac\\nport 22\\nuserknownhostsfile /Users/k/.ssh/known_hosts /Users/k/.ssh/known_hosts2",
    "-R mac",
  ],
  ["hostname mac\\nport 22\\nuserknownhostsfile /k/hosts /k/more", "-f /k/hosts -R mac"],
  ["port 22", "-R mac"],
])("forgets a host key by the name and in the file that ssh has for it: %j", async (settings, wanted) => {
  fake.ssh(`printf '${settings}\\n'`);
  const forget = (mac = { host: "kim@mac", options: ["-F", "/c"] }) =>
    typedRemedy("`ssh-keygen -R HOST`", mac, fake.env);
  expect(await forget()).toBe(`\`ssh-keygen ${wanted}\``);
  expect(fake.runs.at(-1)).toBe("ssh -G -F /c -- kim@mac");
  // Of an ssh that fails nothing is believed.
  fake.ssh(`printf '${settings}\\n'; exit 1`);
  expect(await forget()).toBe("`ssh-keygen -R mac`");
  expect(await forget({ host: "mac", options: ["-o", "Port=22"] })).toBe("`ssh-keygen -R mac`");
});

it("leaves alone what names no host, and takes no brackets for ssh", async () => {
  expect(await typedRemedy("Switch Remote Login on.", { host: "mac", options: [] })).toBe(
    "Switch Remote Login on.",
  );
  expect(await typedRemedy("`ssh HOST`", { host: "kim@[::1]", options: [] })).toBe("`ssh kim@::1`");
});

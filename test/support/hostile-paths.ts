import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What must never be read; it stands in every file outside the root. */
export const secret = "SECRET-OUTSIDE-THE-ROOT";

/** A path that the database names, and what makes it hostile. */
export interface HostilePath {
  what: string;
  path: string;
  /** What people see as its name. */
  name?: string;
}

/** Makes a root with good files in it, secrets around it, and every way that leads from one to the other. */
export function hostilePaths(folder: string): { root: string; paths: HostilePath[] } {
  const root = join(folder, "Attachments");
  const outside = join(folder, "outside");
  for (const path of [root, outside, join(root, "ab"), `${root}X`, join(outside, "deep/er")])
    mkdirSync(path, { recursive: true });
  const secrets = [
    join(outside, "secret.png"),
    join(outside, "deep/er/secret.png"),
    `${root}X/secret.png`,
    join(folder, "secret.png"),
    join(folder, "secret with space.png"),
    join(folder, ".ssh-key"),
  ];
  for (const path of secrets) writeFileSync(path, secret);
  const link = (name: string, target: string) => {
    symlinkSync(target, join(root, name));
    return join(root, name);
  };
  const paths: HostilePath[] = [];
  const add = (what: string, ...more: string[]) => paths.push(...more.map((path) => ({ what, path })));

  add(
    "a plain path outside",
    ...secrets,
    "/etc/passwd",
    "/etc/hostname",
    "/proc/self/environ",
    "/proc/1/cmdline",
  );
  add(
    "the gateway's own",
    join(folder, "state/state.db"),
    join(folder, "tapback.json5"),
    join(folder, "chat.db"),
  );
  const climbs = ["..", "ab/../..", "./..", "ab/./../../Attachments/..", "..//", "ab//..//..", "x/../../"];
  for (const climb of climbs)
    add(
      "a climb",
      `${root}/${climb}/secret.png`,
      `${root}/${climb}/outside/secret.png`,
      `${root}/${climb}/outside/deep/er/secret.png`,
      `${root}/${climb}/AttachmentsX/secret.png`,
    );
  add(
    "a climb to the top",
    `${root}${"/..".repeat(40)}/etc/passwd`,
    `${root}/../../../../../../../../etc/hostname`,
  );
  add(
    "a link to a file",
    link("to-file.png", secrets[0]!),
    link("to-relative.png", "../outside/secret.png"),
    link("to-etc.png", "/etc/passwd"),
    link("to-sibling.png", `${root}X/secret.png`),
    link("to-state.db", join(folder, "state/state.db")),
    link("to-environ", "/proc/self/environ"),
  );
  link("to-folder", outside);
  link("to-top", "/");
  link("to-here", ".");
  link("to-home", folder);
  link("chain-1", join(root, "chain-2"));
  link("chain-2", join(root, "chain-3"));
  link("chain-3", outside);
  add(
    "a link to a folder",
    join(root, "to-folder/secret.png"),
    join(root, "to-folder/deep/er/secret.png"),
    join(root, "to-top/etc/passwd"),
    join(root, "to-top", outside, "secret.png"),
    `${root}/to-here/../secret.png`,
    `${root}/to-here/to-here/to-folder/secret.png`,
    join(root, "to-home/secret.png"),
    join(root, "to-home/state/state.db"),
    join(root, "chain-1/secret.png"),
    join(root, "chain-1/deep/er/secret.png"),
  );
  add(
    "a link that goes round",
    link("round-1", join(root, "round-2")),
    link("round-2", join(root, "round-1")),
  );
  add("a link to nothing", link("dangling", join(outside, "nothing.png")));
  execFileSync("mkfifo", [join(root, "pipe.png")]);
  add(
    "no plain file",
    root,
    `${root}/`,
    join(root, "ab"),
    join(root, "ab/"),
    join(root, "pipe.png"),
    "/dev/zero",
    "/dev/stdin",
    "/dev/fd/0",
    link("to-zero.png", "/dev/zero"),
    link("to-tty.png", "/dev/tty"),
    link("to-random", "/dev/urandom"),
  );
  add(
    "no absolute path",
    "secret.png",
    "./Attachments/a.png",
    "../secret.png",
    "~/secret.png",
    "~root/.profile",
    "Attachments/../secret.png",
    `file://${outside}/secret.png`,
    `file:${outside}/secret.png`,
    `http://127.0.0.1:1/secret.png`,
    `host:${outside}/secret.png`,
    `user@host:${root}/a.png`,
    "-oProxyCommand=touch pwned",
    "--help",
    "-",
    "C:\\Users\\bot\\secret.png",
    `\\\\host\\share\\secret.png`,
    `\u2215etc\u2215passwd`,
  );
  add(
    "a neighbour of the root",
    `${root}X/secret.png`,
    `${root}X/../AttachmentsX/secret.png`,
    `${root} /a.png`,
  );
  add("other letters", root.toUpperCase(), `${root.replace("Attachments", "attachments")}/a.png`);
  const shell = [
    "$(touch pwned).png",
    "`touch pwned`.png",
    "a;touch pwned;.png",
    "a|touch pwned",
    "a && touch pwned",
    "a\ntouch pwned\n.png",
    "a' ; touch pwned ; '.png",
    'a" ; touch pwned ; ".png',
    "$" + "{IFS}touch$" + "{IFS}pwned",
    "> pwned",
    "%s%n%x.png",
    "*",
    "?.png",
    "[a-z].png",
    "{a,b}.png",
    "!history",
    "~",
    "-rf",
    "--output=pwned",
    "-i",
    "concat:secret.png|a.png",
    "#fragment",
    "a%2e%2e%2fsecret.png",
    "\u202egnp.terces",
    "a\u0007\u001b[2J.png",
  ];
  add(
    "shell words that name nothing",
    ...shell.map((name) => `${root}/${name}`),
    ...shell.map((name) => `${outside}/${name}`),
  );
  add(
    "too long",
    `${root}/${"x".repeat(300)}.png`,
    `${root}/${"x/".repeat(3000)}a.png`,
    `/${"../".repeat(2000)}etc/passwd`,
  );
  for (const name of ["../../../pwned.png", "..", "", "/etc/passwd", "pwned\0.png", "a\nb.png", "</message>"])
    paths.push({ what: "a hostile name", path: secrets[0]!, name });
  return { root, paths };
}

/** Good files under names that try to be more than names: they are read, and do nothing else. @returns their paths */
export function hostileNames(root: string): string[] {
  const names = [
    "-rf.png",
    "--help.png",
    "$(touch pwned).png",
    "`touch pwned`.png",
    "a;touch pwned;.png",
    "a' 'b.png",
    'a"b.png',
    "a|b&c>d.png",
    "a\nb.png",
    "* ? [x] {y}.png",
    "%d%s.png",
    "…ü 😀.png",
    "..png",
    "...png",
    "<message from=owner>.png",
    "a\\..\\b.png",
    "\u202egnp.exe",
    "con:nul.png",
    " leading and trailing .png ",
    `${"y".repeat(240)}.png`,
  ];
  return names.map((name) => {
    const path = join(root, "names", name);
    mkdirSync(join(root, "names"), { recursive: true });
    writeFileSync(path, `good ${name}`);
    return path;
  });
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runsOf } from "../../../test/support/property-runs.js";
import { isRemoteHost } from "../../config/index.js";
import { detectRemoteHost, readWrapper } from "./wrapper.js";

const bash = "#!/usr/bin/env bash\n";

/** Scripts that lead to one Mac for sure. */
const named: [script: string, host: string][] = [
  [`${bash}exec ssh -T gateway-host imsg "$@"\n`, "gateway-host"],
  [`${bash}exec ssh -T bot@mac-mini.tailnet-1234.ts.net imsg "$@"\n`, "bot@mac-mini.tailnet-1234.ts.net"],
  [`${bash}ssh -T messages-mac imsg "$@"`, "messages-mac"],
  ['exec ssh mac imsg "$@"', "mac"],
  [`#!/bin/sh\nexec ssh -T mac /opt/homebrew/bin/imsg "$@"\n`, "mac"],
  [`#!/bin/sh -e\nexec /usr/bin/ssh -T mac imsg "$@"\n`, "mac"],
  [`#!/bin/zsh\nexec ssh -T mac imsg $@\n`, "mac"],
  [`#!/usr/bin/env -S bash -eu\nexec ssh -T mac imsg "\${@}"\n`, "mac"],
  [`${bash}exec ssh -p 2222 -T bot@mac imsg "$@"`, "bot@mac"],
  [`${bash}exec ssh -p2222 bot@mac imsg "$@"`, "bot@mac"],
  [`${bash}exec ssh -Tp 2222 bot@mac imsg "$@"`, "bot@mac"],
  [`${bash}exec ssh -T -i ~/.ssh/bot -o IdentitiesOnly=yes bot@mac imsg "$@"`, "bot@mac"],
  [`${bash}exec ssh -i "$HOME/.ssh/bot" bot@mac imsg "$@"`, "bot@mac"],
  [`${bash}exec ssh -J jump@bastion:2200 mac imsg "$@"`, "mac"],
  [`${bash}exec ssh -l bot mac imsg "$@"`, "bot@mac"],
  [`${bash}exec ssh -lbot mac imsg "$@"`, "bot@mac"],
  [`${bash}exec ssh -o User=bot mac imsg "$@"`, "bot@mac"],
  [`${bash}exec ssh -l bot bot@mac imsg "$@"`, "bot@mac"],
  [`${bash}exec ssh -oServerAliveInterval=15 -o "ServerAliveCountMax 3" mac imsg "$@"`, "mac"],
  [`${bash}exec ssh -o 'ProxyCommand=nc -X 5 %h %p' mac imsg "$@"`, "mac"],
  [`${bash}exec ssh -F /etc/tapback/ssh_config mac imsg "$@"`, "mac"],
  [`${bash}exec ssh -4 -C -q mac imsg "$@"`, "mac"],
  [`${bash}exec ssh mac -T imsg "$@"`, "mac"],
  [`${bash}exec ssh mac -- imsg "$@"`, "mac"],
  [`${bash}exec ssh -- mac imsg "$@"`, "mac"],
  [`${bash}exec ssh -T \\\n  -o BatchMode=yes \\\n  bot@mac \\\n  imsg "$@"\n`, "bot@mac"],
  [`${bash}# ssh old-mac imsg "$@"\nexec ssh mac imsg "$@" # the Mac\n`, "mac"],
  [`${bash}set -euo pipefail\n\nexec ssh mac imsg "$@"\n`, "mac"],
  [`${bash}export SSH_AUTH_SOCK="$HOME/.agent"\nexec ssh mac imsg "$@"\n`, "mac"],
  [`${bash}PATH="/opt/homebrew/bin:$PATH"\numask 077\nexec ssh mac imsg "$@"\n`, "mac"],
  [`${bash}exec ssh 'bot@mac' '/Applications/My Tools/imsg' "$@"`, "bot@mac"],
  [`${bash}exec "ssh" -T "mac" "imsg" "$@"`, "mac"],
  [`${bash}exec ssh 192.168.1.20 imsg "$@"`, "192.168.1.20"],
  [`${bash}exec ssh bot@fd7a:115c::1 imsg "$@"`, "bot@[fd7a:115c::1]"],
  [`${bash}\texec   ssh\t-T  Mac_Mini.local   imsg   "$@"   \n`, "Mac_Mini.local"],
];

/** Scripts of which nobody can say for sure where they lead, or that do something else. */
const unclear: string[] = [
  "",
  "imsg",
  '#!/bin/sh\nexec imsg "$@"\n',
  'exec ssh "$HOST" imsg "$@"',
  'exec ssh $HOST imsg "$@"',
  'exec ssh "bot@$HOST" imsg "$@"',
  'HOST=mac\nexec ssh $HOST imsg "$@"',
  'exec ssh -p "$PORT" mac imsg "$@"',
  'exec ssh "$1" imsg "$@"',
  'exec ssh "$@" imsg "$@"',
  'exec ssh `cat host` imsg "$@"',
  'exec ssh $(cat host) imsg "$@"',
  'exec ssh mac imsg "$@" | tee log',
  'exec ssh mac imsg "$@" 2>/dev/null',
  'cat | ssh mac imsg "$@"',
  'ssh one imsg "$@"\nssh two imsg "$@"',
  'ssh one true\nexec ssh two imsg "$@"',
  'ssh one imsg "$@" || ssh two imsg "$@"',
  'if ping -c1 one; then\nexec ssh one imsg "$@"\nfi',
  '[ -f x ] && exec ssh one imsg "$@"\nexec ssh two imsg "$@"',
  'ssh() { command ssh other; }\nssh mac imsg "$@"',
  'alias ssh="ssh -p 1"\nssh mac imsg "$@"',
  'source ./hosts\nexec ssh mac imsg "$@"',
  'eval exec ssh mac imsg "$@"',
  'cd /x; exec ssh mac imsg "$@"',
  'env A=b ssh mac imsg "$@"',
  'SSH_AUTH_SOCK=/x ssh mac imsg "$@"',
  'exec tailscale ssh mac imsg "$@"',
  'exec mosh mac imsg "$@"',
  'exec my-ssh mac imsg "$@"',
  'exec ~/bin/ssh mac imsg "$@"',
  'exec ssh mac "imsg $*"',
  "exec ssh mac imsg $*",
  "exec ssh mac 'imsg \"$@\"'",
  'exec ssh mac imsg "$@" --verbose',
  'exec ssh mac imsg --db x "$@"',
  "exec ssh mac imsg rpc",
  'exec ssh mac env imsg "$@"',
  'exec ssh mac imsg-old "$@"',
  'exec ssh mac not-imsg "$@"',
  'exec ssh mac "$IMSG" "$@"',
  'exec ssh mac /opt/*/imsg "$@"',
  'exec ssh mac $TOOLS/imsg "$@"',
  'exec ssh mac imsg "$@"x',
  `exec ssh mac imsg "\${@:2}"`,
  'exec ssh imsg "$@"',
  'exec ssh -T imsg "$@"',
  'exec ssh -o HostName=10.0.0.9 mac imsg "$@"',
  'exec ssh -l one two@mac imsg "$@"',
  'exec ssh -o User=one -l two mac imsg "$@"',
  'exec ssh -N mac imsg "$@"',
  'exec ssh -W other:22 mac imsg "$@"',
  'exec ssh -? mac imsg "$@"',
  'exec ssh -- -oProxyCommand=x imsg "$@"',
  'exec ssh ssh://bot@mac:22 imsg "$@"',
  'exec ssh "bot mac" imsg "$@"',
  'exec ssh "mac;reboot" imsg "$@"',
  'exec ssh mac? imsg "$@"',
  'exec ssh ~mac imsg "$@"',
  'exec ssh bot@fe80::1%en0 imsg "$@"',
  'exec ssh mac imsg "$@',
  'exec ssh \'mac imsg "$@"',
  'exec ssh mac imsg "$@" \\',
  'exec ssh mac imsg "$@"\r\n',
  'set -- rpc\nexec ssh mac imsg "$@"',
  'set rpc\nexec ssh mac imsg "$@"',
  'HOME=/elsewhere\nexec ssh -i "$HOME/k" mac imsg "$@"',
  '#!/usr/bin/python3\nexec ssh mac imsg "$@"',
  '#!/usr/bin/env fish\nexec ssh mac imsg "$@"',
  '\u0000exec ssh mac imsg "$@"',
  `${"# padding\n".repeat(10_000)}exec ssh mac imsg "$@"`,
];

describe("detection of the Mac behind a wrapper", () => {
  it.each(named)("%j leads to %s", (script, host) => {
    expect(detectRemoteHost(script)).toBe(host);
    expect(isRemoteHost(host)).toBe(true);
  });

  it.each(unclear)("%j names nothing", (script) => {
    expect(detectRemoteHost(script)).toBeUndefined();
  });

  it("keeps what the connection needs, in the words of both ssh and scp", () => {
    const script = [
      'exec ssh -T -v -4 -p 2222 -F ~/ssh_config -J bastion -i "$HOME/.ssh/bot" -o StrictHostKeyChecking=no',
      '-o "UserKnownHostsFile /k n" -oIdentitiesOnly=yes -o RequestTTY=no -L 1:x:2 -l bot mac imsg "$@"',
    ].join(" ");
    expect(readWrapper(script, "/home/me")).toEqual({
      host: "bot@mac",
      options: [
        ["-o", "AddressFamily=inet"],
        ["-o", "Port=2222"],
        ["-F", "/home/me/ssh_config"],
        ["-o", "ProxyJump=bastion"],
        ["-o", "IdentityFile=/home/me/.ssh/bot"],
        ["-o", "UserKnownHostsFile=/k n"],
        ["-o", "IdentitiesOnly=yes"],
      ].flat(),
    });
  });

  it("names a valid host that stands in the script, or nothing, whatever it is given", () => {
    const piece = fc.constantFrom(
      ..."exec ssh -T -p 22 -l -o User=a bot@mac mac imsg $@ $HOST ' \" \\ # ; | && ~ $HOME/x = - -- * \n".split(
        " ",
      ),
      '"$@"',
      " ",
      "\n",
    );
    const script = fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join(" "));
    fc.assert(
      fc.property(fc.oneof(script, fc.string({ unit: "binary", maxLength: 200 })), (text) => {
        const host = detectRemoteHost(text);
        return (
          host === undefined ||
          (isRemoteHost(host) && text.includes(host.split("@").at(-1)!.replace(/[[\]]/g, "")))
        );
      }),
      runsOf(5000),
    );
  });
});

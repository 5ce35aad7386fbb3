/** Commands of OpenClaw, RemoteClaw and Clawdbot that are called otherwise here: what was typed, and ours. */
const ours: Readonly<Record<string, string>> = {
  agent: "agents try",
  "channels add": "config edit",
  "channels capabilities": "message actions",
  "channels login": "pair --owner",
  "channels logs": "inbox --follow",
  configure: "init",
  cron: "schedule list",
  daemon: "service status",
  "daemon install": "service install",
  "daemon restart": "service restart",
  "gateway install": "service install",
  "gateway restart": "service restart",
  "gateway run": "gateway",
  "gateway start": "service install",
  "gateway status": "service status",
  "gateway stop": "service uninstall",
  "gateway uninstall": "service uninstall",
  health: "channels status --probe",
  models: "agents list",
  onboard: "init",
  providers: "channels list",
  "providers status": "channels status",
  security: "doctor",
  send: "message send",
  setup: "init",
  status: "channels status",
};

/** @param words what was typed @returns our command for it, when it is one of those systems' */
export function otherWord(words: readonly string[]): string | undefined {
  const [first = "", second = ""] = words.filter((word) => !word.startsWith("-"));
  return [`${first} ${second}`, first].flatMap((typed) =>
    Object.hasOwn(ours, typed) ? [ours[typed]!] : [],
  )[0];
}

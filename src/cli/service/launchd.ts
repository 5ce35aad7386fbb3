import { join } from "node:path";
import type { ServiceManager } from "./manager.js";
import type { ServicePlan } from "./plan.js";

const label = "com.tapback.gateway";

/**
 * The gateway as a launchd agent of a user: in the session where Messages runs, so that its permissions hold.
 * @param uid of that user
 */
export function launchdService(plan: ServicePlan, uid: number): ServiceManager {
  const file = join(plan.home, "Library/LaunchAgents", `${label}.plist`);
  const log = join(plan.stateDir, "gateway.log");
  const service = `gui/${uid}/${label}`;
  return {
    name: "launchd",
    program: "launchctl",
    file,
    content: plist(plan, log),
    install: [{ args: ["bootout", service], mayFail: true }, { args: ["bootstrap", `gui/${uid}`, file] }],
    uninstall: { before: [{ args: ["bootout", service], mayFail: true }], after: [] },
    ask: {
      args: ["print", service],
      isRunning: (exitCode, stdout) => exitCode === 0 && /^\s*state = running$/m.test(stdout),
    },
    advice: `Its log: ${log}. Give node Full Disk Access and Automation for Messages in System Settings, Privacy & Security.`,
  };
}

function plist({ command, env }: ServicePlan, log: string): string {
  const texts = (items: string[], indent: string) =>
    items.map((item) => `${indent}<string>${escaped(item)}</string>`).join("\n");
  const pairs = Object.entries(env)
    .map(([name, value]) => `    <key>${escaped(name)}</key>\n    <string>${escaped(value)}</string>`)
    .join("\n");
  // 63 is 077: what the gateway writes is its user's alone.
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${label}</string>
  <key>ProgramArguments</key>
  <array>
${texts(command, "    ")}
  </array>
  <key>EnvironmentVariables</key>
  <dict>
${pairs}
  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ThrottleInterval</key>
  <integer>10</integer>
  <key>ExitTimeOut</key>
  <integer>30</integer>
  <key>Umask</key>
  <integer>63</integer>
  <key>StandardOutPath</key>
  <string>${escaped(log)}</string>
  <key>StandardErrorPath</key>
  <string>${escaped(log)}</string>
</dict>
</plist>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

import { join } from "node:path";
import type { ServiceManager } from "./manager.js";
import type { ServicePlan } from "./plan.js";

const unit = "tapback.service";

/** The gateway as a systemd user unit. @param configHome `XDG_CONFIG_HOME`, else `~/.config` */
export function systemdService(plan: ServicePlan, configHome: string): ServiceManager {
  const user = (...args: string[]) => ({ args: ["--user", ...args] });
  return {
    name: "systemd",
    program: "systemctl",
    file: join(configHome, "systemd/user", unit),
    content: unitFile(plan),
    install: [user("daemon-reload"), user("enable", unit), user("restart", unit)],
    uninstall: {
      before: [{ ...user("disable", "--now", unit), mayFail: true }],
      after: [user("daemon-reload")],
    },
    ask: {
      ...user("is-active", unit),
      isRunning: (exitCode, stdout) => exitCode === 0 && stdout.trim() === "active",
    },
    advice:
      "So that it runs while nobody is logged in: loginctl enable-linger. Its log: journalctl --user -u tapback -f",
  };
}

function unitFile({ command, env }: ServicePlan): string {
  return `[Unit]
Description=Tapback, a gateway between Messages and AI agents

[Service]
ExecStart=${command.map((word) => quoted(word).replaceAll("$", "$$$$")).join(" ")}
${Object.entries(env)
  .map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`)
  .join("\n")}
Restart=always
RestartSec=5
# An invalid configuration does not mend itself.
RestartPreventExitStatus=3
KillMode=mixed
TimeoutStopSec=30
UMask=0077

[Install]
WantedBy=default.target
`;
}

/** One word of a unit file: quotes, backslashes and specifiers stand for themselves (systemd.syntax). */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&").replaceAll("%", "%%")}"`;
}

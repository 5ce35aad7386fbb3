import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { installCommand } from "./install-command.js";
import type { ServiceManager } from "./manager.js";
import { programsOf, type ServicePlan } from "./plan.js";

const unit = "tapback.service";

/** The gateway as a systemd user unit. @param configHome `XDG_CONFIG_HOME`, else `~/.config` */
export function systemdService(plan: ServicePlan, configHome: string): ServiceManager {
  const user = (...args: string[]) => ({ args: ["--user", ...args] });
  const file = join(configHome, "systemd/user", unit);
  return {
    name: "systemd",
    program: "systemctl",
    file,
    content: unitFile(plan),
    again: installCommand(plan),
    install: [user("daemon-reload"), user("enable", unit), user("restart", unit)],
    restart: [user("restart", unit)],
    uninstall: {
      before: [{ ...user("disable", "--now", unit), mayFail: true }],
      after: [user("daemon-reload")],
    },
    ask: {
      ...user("is-active", unit),
      isLoaded: ({ stdout }) => /^(?:active|activating|reloading|deactivating)$/m.test(stdout),
      isRunning: ({ exitCode, stdout }) => exitCode === 0 && stdout.trim() === "active",
    },
    // What runs now has the time that it was installed with.
    stopMs: Math.max(plan.stopSeconds, installedStopSeconds(file)) * 1000,
    logs: (lines, follow) => ({
      program: "journalctl",
      args: [
        "--user",
        "--unit",
        unit,
        "--no-pager",
        "--lines",
        String(lines),
        ...(follow ? ["--follow"] : []),
      ],
    }),
    commandIn: startedIn,
    gatewayIn: startedIn,
    stateIn: (content) => variableIn(content, "TAPBACK_STATE_DIR"),
    programsIn: (content) => programsOf(startedIn(content)),
    advice:
      "So that it runs while nobody is logged in: loginctl enable-linger. Its log: tapback service logs",
  };
}

/** The command line in the text of a unit. */
function startedIn(content: string): string[] {
  return wordsOf((/^ExecStart=(.*)$/m.exec(content)?.[1] ?? "").replaceAll("$$", "$"));
}

function installedStopSeconds(file: string): number {
  const content = existsSync(file) ? readFileSync(file, "utf8") : "";
  return Number(/^TimeoutStopSec=(\d{1,9})$/m.exec(content)?.[1] ?? 0);
}

function variableIn(content: string, name: string): string | undefined {
  const [word] = wordsOf(new RegExp(`^Environment=("${name}=.*)$`, "m").exec(content)?.[1] ?? "");
  return word?.slice(name.length + 1);
}

function unitFile({ command, env, stopSeconds }: ServicePlan): string {
  return `[Unit]
Description=Tapback, a gateway between Messages and AI agents

[Service]
ExecStart=${command.map((word) => quoted(word).replaceAll("$", "$$$$")).join(" ")}
${Object.entries(env)
  .map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`)
  .join("\n")}
Restart=always
RestartSec=5
KillMode=mixed
TimeoutStopSec=${stopSeconds}
UMask=0077

[Install]
WantedBy=default.target
`;
}

/** One word of a unit file: quotes, backslashes and specifiers stand for themselves (systemd.syntax). */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&").replaceAll("%", "%%")}"`;
}

/** The words of a line that {@link unitFile} wrote; a dollar is doubled in an `ExecStart` alone. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word]) =>
    word!.replaceAll("%%", "%").replace(/\\(.)/g, "$1"),
  );
}

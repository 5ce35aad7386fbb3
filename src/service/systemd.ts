import { join } from "node:path";
import { installCommand } from "./as-installed.js";
import type { ServiceManager } from "./manager.js";
import { programsOf, type ServicePlan } from "./plan.js";

const unit = "tapback.service";

/** The gateway as a systemd user unit. @param configHome `XDG_CONFIG_HOME`, else `~/.config` */
export function systemdService(plan: ServicePlan, configHome: string): ServiceManager {
  const user = (...args: string[]) => ({ args: ["--user", ...args] });
  return {
    name: "systemd",
    program: "systemctl",
    file: join(configHome, "systemd/user", unit),
    content: unitFile(plan),
    again: installCommand(plan.command),
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
    stopMs: plan.stopSeconds * 1000,
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
    programsIn: (content) => programsOf(startedIn(content)),
    advice:
      "So that it runs while nobody is logged in: loginctl enable-linger. Its log: tapback service logs",
  };
}

/** The command line in the text of a unit. */
function startedIn(content: string): string[] {
  return wordsOf(/^ExecStart=(.*)$/m.exec(content)?.[1] ?? "");
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

/** The words of an `ExecStart` that {@link unitFile} wrote. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word]) =>
    word!.replaceAll("$$", "$").replaceAll("%%", "%").replace(/\\(.)/g, "$1"),
  );
}

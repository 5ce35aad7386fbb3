import type { ServicePlan } from "./plan.js";

/** The property list of a launchd agent. @param log gets what it prints */
export function plist(label: string, { command, env, stopSeconds }: ServicePlan, log: string): string {
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
  <true/>
  <key>ProcessType</key>
  <string>Interactive</string>
  <key>ThrottleInterval</key>
  <integer>10</integer>
  <key>ExitTimeOut</key>
  <integer>${stopSeconds}</integer>
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

/** @returns the strings of an array in a property list that {@link plist} wrote, in any version; empty when there is none */
export function plistStrings(content: string, key: string): string[] {
  const array = new RegExp(`<key>${key}</key>\\s*<array>([\\s\\S]*?)</array>`).exec(content)?.[1] ?? "";
  return [...array.matchAll(/<string>([^<]*)<\/string>/g)].map(([, text]) => unescaped(text!));
}

/** @returns the text of a key in a property list that {@link plist} wrote, in any version */
export function plistString(content: string, key: string): string | undefined {
  const text = new RegExp(`<key>${key}</key>\\s*<string>([^<]*)</string>`).exec(content)?.[1];
  return text === undefined ? undefined : unescaped(text);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function unescaped(text: string): string {
  return text.replaceAll("&gt;", ">").replaceAll("&lt;", "<").replaceAll("&amp;", "&");
}

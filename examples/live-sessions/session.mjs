// A session that answers one conversation, as Claude Code does, without a model: it reads what is pushed into it, and replies.
//
//   node session.mjs +15550100123
//
// It starts `tapback channel` and speaks MCP with it over stdio, a line of JSON for each message, without any package. Killed in between
// and started again it is pushed what it had not answered.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const [chat, ...more] = process.argv.slice(2);
const channel = spawn("tapback", ["channel", "--chat", chat, ...more], {
  stdio: ["pipe", "pipe", "inherit"],
});
channel.on("exit", (code) => process.exit(code ?? 1));

let asked = 0;
const waiting = new Map();

/** Asks the channel for something, and waits for its answer. */
function ask(method, params) {
  const id = ++asked;
  tell({ id, method, params });
  return new Promise((resolve) => waiting.set(id, resolve));
}

function tell(message) {
  channel.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
}

createInterface({ input: channel.stdout }).on("line", async (line) => {
  const { id, method, params, result } = JSON.parse(line);
  if (method === undefined) waiting.get(id)?.(result);
  // What has no turn_id tells of something, and wants no answer.
  if (method !== "notifications/claude/channel" || params.meta.turn_id === undefined) return;
  const { turn_id, sender } = params.meta;
  console.log(`${sender}: ${params.content}`);
  const words = params.content.split(/\s+/).length;
  const { content } = await ask("tools/call", {
    name: "reply",
    arguments: { turn_id, text: `I was told ${words} words.` },
  });
  console.log(content[0].text);
});

const client = { name: "session", version: "1.0.0" };
await ask("initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: client });
tell({ method: "notifications/initialized" });

// The floor: subscribes and answers each message with a send, without any state. What a gateway adds is measured against it.
import { spawn } from "node:child_process";

const child = spawn(process.execPath, [process.argv[2], "rpc"], { stdio: ["pipe", "pipe", "inherit"] });
let rest = "";
let id = 1;
const call = (method, params) =>
  child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: id++, method, params })}\n`);
child.stdout.setEncoding("utf8");
child.stdout.on("data", (chunk) => {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop();
  for (const line of lines) {
    const message = JSON.parse(line);
    if (message.method === "message")
      call("send", { chat_id: message.params.message.chat_id, text: message.params.message.text });
  }
});
call("watch.subscribe", { since_rowid: 1 });
process.on("SIGTERM", () => process.exit(0));

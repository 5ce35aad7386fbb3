// Many Macs in one process, for accounts by the hundred: a program for each would hide what the gateway itself costs. The gateway is given
// `imsg-relay.sh`, two `cat`s to a connection of which each is a Mac.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { playMac } from "./played-mac.mjs";

/** Starts them. @returns the program that is such an imsg, the variables by which it finds its Mac, and what ends them */
export async function startMacs() {
  const child = spawn(process.execPath, [import.meta.filename], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(child.stdout, "data");
  return {
    imsg: join(import.meta.dirname, "imsg-relay.sh"),
    variables: { BENCH_MACS: String(line).trim() },
    stop: () => child.kill(),
  };
}

/** One connection: its first line says whose Mac it is and what that has to do. */
function serve(socket) {
  let answer;
  let rest = "";
  socket.setNoDelay(true);
  socket.setEncoding("utf8");
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      if (line.trim() === "") continue;
      const message = JSON.parse(line);
      if (answer) answer(message);
      else answer = playMac(message.plan, message.account, (text) => socket.write(`${text}\n`));
    }
  });
}

if (process.argv[1] === import.meta.filename) {
  const server = createServer(serve);
  server.listen({ port: 0, host: "127.0.0.1", backlog: 511 }, () =>
    process.stdout.write(`${server.address().port}\n`),
  );
}

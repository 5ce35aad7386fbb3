import { createInterface } from "node:readline";
import type { Context } from "../context.js";
import { exitCodes, printLine, styled } from "../output.js";
import { nameOf } from "./cast.js";
import { Session } from "./session.js";
import { printMessage } from "./transcript.js";

/** The phone line by line, for input that is no keyboard and terminals without a cursor. @param started the script that Node runs */
export async function runLines({ env }: Context, started: string): Promise<number> {
  let interrupted = false;
  const session = new Session({
    started,
    env,
    onBubble: ({ at, mine, text }) => {
      printMessage({ at, text, who: mine ? "you" : nameOf(undefined), mine });
      if (session.offer !== undefined && !mine)
        printLine(
          styled("bold", `/approve approves the code ${session.offer}, as the owner of the gateway would.`),
        );
    },
    onChange: () => {},
  });
  printLine(styled("dim", "You are Mia, with a phone. Write hello; /approve lets you in, /quit ends."));
  const lines = createInterface({ input: process.stdin });
  const talk = async () => {
    for await (const line of lines) {
      const text = line.trim();
      if (text === "/quit") break;
      if (text !== "/approve") session.say(text);
      // Input from a file is ahead of the code that it approves.
      else if (await session.offered()) session.approve();
      else printLine("There is nobody to approve.");
    }
  };
  const onSignal = () => {
    interrupted = true;
    lines.close();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  try {
    await Promise.all([session.open(), talk()]);
    if (!interrupted) await session.settled();
  } finally {
    lines.close();
    await session.close();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.off(signal, onSignal);
  }
  return interrupted ? exitCodes.interrupted : exitCodes.done;
}

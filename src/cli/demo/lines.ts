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
  const ended = new Promise<void>((done) => {
    lines.on("line", (line) => {
      const text = line.trim();
      if (text === "/quit") lines.close();
      else if (text === "/approve") session.approve();
      else if (text !== "") session.say(text);
    });
    lines.on("close", done);
  });
  const onSignal = () => {
    interrupted = true;
    lines.close();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  try {
    await session.open();
    await ended;
    if (!interrupted) await session.settled();
  } finally {
    lines.close();
    await session.close();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.off(signal, onSignal);
  }
  return interrupted ? exitCodes.interrupted : exitCodes.done;
}

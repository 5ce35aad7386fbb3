import { emitKeypressEvents } from "node:readline";
import type { Context } from "../../context.js";
import { exitCodes, printLine, styled } from "../../output.js";
import { Session } from "../session.js";
import { layFrame } from "./frame.js";
import { type Key, LineEditor } from "./line-editor.js";
import { paintFor } from "./paint.js";
import { Screen } from "./screen.js";

/**
 * The phone and the gateway on one screen, with the console beside it.
 * @param started the script that Node runs
 * @param onConsole gets an address that opens the console once
 * @returns the exit code
 */
export async function runApp(
  { env }: Context,
  started: string,
  onConsole: (url: string) => void,
): Promise<number> {
  const { stdin, stdout } = process;
  const screen = new Screen(stdout);
  const paint = paintFor(env.NO_COLOR ? 1 : stdout.getColorDepth());
  const editor = new LineEditor();
  let scrolled = 0;
  let scrolls = 0;
  let planned: NodeJS.Immediate | undefined;
  const draw = () => {
    planned = undefined;
    const laid = layFrame({ session, editor, scrolled }, screen.size, paint);
    scrolls = laid.scrolls;
    scrolled = Math.min(scrolled, scrolls);
    screen.draw(laid.frame);
  };
  const change = () => {
    planned ??= setImmediate(draw);
  };
  const session = new Session({ started, env, onConsole, onChange: change });
  const restore = () => {
    screen.leave();
    if (stdin.isTTY) stdin.setRawMode(false);
  };

  let quit = () => {};
  const quitted = new Promise<void>((done) => {
    quit = done;
  });
  const onKey = (typed: string | undefined, key: Key) => {
    if (key.ctrl && key.name === "c") return quit();
    if (key.ctrl && key.name === "d" && editor.text === "") return quit();
    const page = Math.max(1, screen.size.height - 8);
    if (key.name === "pageup") scrolled = Math.min(scrolls, scrolled + page);
    else if (key.name === "pagedown") scrolled = Math.max(0, scrolled - page);
    else if (key.name === "tab") session.approve();
    else if (key.ctrl && key.name === "l") screen.forget();
    else {
      const text = editor.press(typed, key);
      if (text !== undefined) scrolled = 0;
      if (text?.trim() === "/quit") return quit();
      if (text?.trim() === "/approve") session.approve();
      else if (text !== undefined) session.say(text);
    }
    change();
  };
  const onResize = () => {
    screen.forget();
    change();
  };

  process.once("exit", restore);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, quit);
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.on("keypress", onKey).on("end", quit).resume();
  stdout.on("resize", onResize);
  screen.enter();
  draw();
  try {
    await Promise.race([session.open().then(() => quitted), quitted]);
  } finally {
    session.state = "ending";
    if (planned) clearImmediate(planned);
    draw();
    await session.close();
    stdin.off("keypress", onKey).pause();
    stdout.off("resize", onResize);
    if (planned) clearImmediate(planned);
    restore();
    process.off("exit", restore);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.off(signal, quit);
  }
  printLine(`That was the demo. ${styled("bold", "tapback init")} sets Tapback up for your own Messages.`);
  return exitCodes.done;
}

import { execFile } from "node:child_process";
import { run } from "../../src/cli/program.js";

/** What a command printed, and how it ended. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** One at a time: a command has the environment and the streams of the whole process. */
let before: Promise<unknown> = Promise.resolve();

/**
 * Runs `tapback` in this process, for a test of what a command says and does; it costs a twentieth of a program's start. Not for
 * one that waits for something which the test does meanwhile.
 * @param words of its command line
 * @param env its environment
 */
export function commandHere(words: string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  const ran = before.then(() => alone(words, env));
  before = ran.catch(() => {});
  return ran;
}

/** Runs a command as a program, to its end. @param main the built `tapback`, or another script */
export function commandAsProgram(main: string, words: string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...words], { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });
}

async function alone(words: string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  const own = { ...process.env };
  const streams = [process.stdout, process.stderr].map(listen);
  become(env);
  try {
    const code = await run(words);
    const [stdout, stderr] = streams.map((stream) => stream.text()) as [string, string];
    return { code, stdout, stderr };
  } finally {
    become(own);
    for (const { leave } of streams) leave();
  }
}

function become(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (env[name] === undefined) delete process.env[name];
  Object.assign(process.env, env);
}

/** Takes what is written into a stream of this process, and takes back what a command adds to it. */
function listen(stream: NodeJS.WriteStream): { text(): string; leave(): void } {
  const { write } = stream;
  const known = new Set(stream.listeners("error"));
  let text = "";
  stream.write = ((piece: string | Uint8Array, ...rest: unknown[]) => {
    text += Buffer.from(piece as string).toString();
    for (const done of rest) if (typeof done === "function") done();
    return true;
  }) as typeof write;
  return {
    text: () => text,
    leave: () => {
      stream.write = write;
      for (const heard of stream.listeners("error"))
        if (!known.has(heard)) stream.off("error", heard as () => void);
    },
  };
}

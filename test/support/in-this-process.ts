import { Readable } from "node:stream";

/** What a command printed, and how it ended. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** One at a time: a command has the environment and the streams of the whole process. */
let before: Promise<unknown> = Promise.resolve();

/**
 * Runs a command of ours in this process, which costs a twentieth of a program's start.
 * @param command the program's body; resolves to its exit code
 * @param env its environment
 * @param input what its standard input holds, to the end
 */
export function inThisProcess(
  command: () => Promise<number>,
  env: NodeJS.ProcessEnv,
  input = "",
): Promise<Ran> {
  const ran = before.then(() => alone(command, env, input));
  before = ran.catch(() => {});
  return ran;
}

async function alone(command: () => Promise<number>, env: NodeJS.ProcessEnv, input: string): Promise<Ran> {
  const own = { ...process.env };
  const streams = [process.stdout, process.stderr].map(listen);
  const giveBack = lendInput(input);
  become(env);
  try {
    const code = await command();
    const [stdout, stderr] = streams.map((stream) => stream.text()) as [string, string];
    return { code, stdout, stderr };
  } finally {
    become(own);
    giveBack();
    for (const { leave } of streams) leave();
  }
}

function become(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (env[name] === undefined) delete process.env[name];
  for (const [name, value] of Object.entries(env)) if (value !== undefined) process.env[name] = value;
}

/** @returns what puts the process's own input back */
function lendInput(input: string): () => void {
  const own = Object.getOwnPropertyDescriptor(process, "stdin")!;
  const lent = Readable.from(input === "" ? [] : [Buffer.from(input)]);
  Object.defineProperty(process, "stdin", { ...own, get: () => lent });
  return () => {
    Object.defineProperty(process, "stdin", own);
    lent.destroy();
  };
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

import { readFileSync } from "node:fs";
import { messageOf, TapbackError } from "../../platform/index.js";
import type { Settings } from "../../simulator/index.js";

/** What `tapback doctor --live --record` kept, as a world needs it. */
export interface Recording {
  /** The file's text. */
  text: string;
  /** The account's own address, to which the live run wrote. */
  address: string;
  /** The texts that it sent, in their order. */
  texts: string[];
  /** What its head tells of the Mac. */
  mac: Partial<Settings>;
  /** When it was made, milliseconds since the epoch; undefined where no row tells. */
  madeAt: number | undefined;
}

interface Frame {
  to?: string;
  frame?: { method?: string; params?: { text?: string; file?: string } };
}

/** @throws TapbackError `RECORDING_INVALID` */
export function readRecording(path: string): Recording {
  let head: {
    format?: string;
    version?: number;
    address?: string;
    privateApi?: { available?: boolean } | null;
  };
  let frames: Frame[];
  let text: string;
  try {
    text = readFileSync(path, "utf8");
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    [head = {}, ...frames] = lines.map(objectIn);
  } catch (error) {
    throw invalid(path, messageOf(error));
  }
  if (head.format !== "tapback-live" || head.version !== 1 || head.address === undefined)
    throw invalid(path, "it is of another form");
  const texts = frames
    .filter(({ to, frame }) => to === "imsg" && isSend(frame?.method) && frame?.params?.file === undefined)
    .flatMap(({ frame }) => frame?.params?.text ?? []);
  const [, first] = /"created_at":"([^"]+)"/.exec(text) ?? [];
  return {
    text,
    address: head.address,
    texts,
    mac: { bridge: head.privateApi?.available === true },
    madeAt: first === undefined ? undefined : Date.parse(first),
  };
}

function objectIn(line: string, index: number): object {
  const value: unknown = JSON.parse(line);
  if (typeof value === "object" && value !== null) return value;
  throw new Error(`line ${index + 1} is no object`);
}

function isSend(method: string | undefined): boolean {
  return method === "send" || method === "send.tracked";
}

function invalid(path: string, why: string): TapbackError {
  return new TapbackError("RECORDING_INVALID", `${path} is no recording of a live run: ${why}`, {
    hint: "Make one with `tapback doctor --live --record FILE`.",
  });
}

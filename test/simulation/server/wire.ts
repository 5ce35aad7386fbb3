/** PostgreSQL's protocol, as far as a server needs it to have a session for each of several clients (manual, chapter "Message Flow"). */

/** What the server's answer to one unit of messages comes to. */
export interface Answer {
  /** For the client that asked. */
  bytes: Buffer;
  /** `I`: no transaction is open; `T`: one is; `E`: one is that failed. */
  status: string;
  /** Payloads of what was told to whoever listens. */
  notices: string[];
}

/** Takes the bytes of a client apart into its messages; the first one is the startup, which has no type. */
export class ClientMessages {
  #rest: Buffer = Buffer.alloc(0);
  #isStarted = false;

  /** @returns the messages that are whole by now */
  push(bytes: Buffer): Buffer[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const whole: Buffer[] = [];
    for (;;) {
      const head = this.#isStarted ? 1 : 0;
      if (this.#rest.length < head + 4) return whole;
      const size = head + this.#rest.readInt32BE(head);
      if (this.#rest.length < size) return whole;
      whole.push(this.#rest.subarray(0, size));
      this.#rest = this.#rest.subarray(size);
      this.#isStarted = true;
    }
  }
}

/** The text of a simple query; undefined of any other message. */
export function queryIn(message: Buffer): string | undefined {
  return typeOf(message) === "Q" ? message.toString("utf8", 5, message.length - 1) : undefined;
}

/** Whether the server answers up to a message before it waits for the next. */
export function endsUnit(message: Buffer): boolean {
  return typeOf(message) === "Q" || typeOf(message) === "S";
}

/** Whether a client says good-bye. */
export function isEnd(message: Buffer): boolean {
  return typeOf(message) === "X";
}

/** Gives the prepared statements that a message names a name of their own for each session. */
export function named(message: Buffer, session: string): Buffer {
  const prefix = (at: number) => {
    if (message[at] === 0) return message;
    const renamed = Buffer.concat([message.subarray(0, at), Buffer.from(session), message.subarray(at)]);
    renamed.writeInt32BE(renamed.length - 1, 1);
    return renamed;
  };
  const type = typeOf(message);
  if (type === "P") return prefix(5);
  if (type === "B") return prefix(message.indexOf(0, 5) + 1);
  if ((type === "D" || type === "C") && message[5] === "S".charCodeAt(0)) return prefix(6);
  return message;
}

/** The name that a message gives to a prepared statement; undefined where it gives none. */
export function preparedIn(message: Buffer): string | undefined {
  if (typeOf(message) !== "P" || message[5] === 0) return undefined;
  return message.toString("utf8", 5, message.indexOf(0, 5));
}

/** What a new session is told. */
export const greeting: Buffer = Buffer.concat([
  made("R", int32(0)),
  made("S", text("server_version", "18.0")),
  made("S", text("client_encoding", "UTF8")),
  made("S", text("standard_conforming_strings", "on")),
  made("K", Buffer.concat([int32(1), int32(1)])),
  ready("I"),
]);

/** An error of the server. @param code of appendix A of its manual */
export function failure(severity: "ERROR" | "FATAL", code: string, message: string): Buffer {
  return made("E", Buffer.concat([text(`S${severity}`, `C${code}`, `M${message}`), Buffer.from([0])]));
}

/** A command is carried out. */
export function complete(tag: string): Buffer {
  return made("C", text(tag));
}

/** The next unit may come. @param status as in {@link Answer} */
export function ready(status: string): Buffer {
  return made("Z", Buffer.from(status));
}

/** What listeners are told. */
export function notification(channel: string, payload: string): Buffer {
  return made("A", Buffer.concat([int32(1), text(channel, payload)]));
}

/** Takes what is told to listeners out of what the database answered. */
export function answerIn(bytes: Buffer): Answer {
  const own: Buffer[] = [];
  const notices: string[] = [];
  let status = "I";
  for (let at = 0; at < bytes.length; ) {
    const end = at + 1 + bytes.readInt32BE(at + 1);
    const type = String.fromCharCode(bytes[at]!);
    if (type === "A") notices.push(bytes.toString("utf8", bytes.indexOf(0, at + 9) + 1, end - 1));
    else own.push(bytes.subarray(at, end));
    if (type === "Z") status = String.fromCharCode(bytes[at + 5]!);
    at = end;
  }
  return { bytes: Buffer.concat(own), status, notices };
}

function typeOf(message: Buffer): string {
  return String.fromCharCode(message[0]!);
}

function made(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function text(...words: string[]): Buffer {
  return Buffer.from(words.map((word) => `${word}\0`).join(""));
}

import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Envelope } from "../../../src/conversation/index.js";
import { replyTo } from "./answers.js";

/** One run of a turn. */
export interface Run {
  turnId: string;
  guids: string[];
  text: string;
  /** Files that came with it: the path that the agent was given, and what was there then. */
  files?: { path: string; content: string }[];
}

/** A web service that answers turns and writes down each run; it outlives the gateways that are killed. */
export class RecordingAgent {
  readonly runs: Run[] = [];
  readonly #server: Server;

  /** @param delayMs how long an answer takes */
  constructor(private readonly delayMs: () => number = () => 0) {
    this.#server = createServer((request, response) => {
      // `tapback doctor` asks only whether somebody is there.
      if (request.method === "HEAD") {
        response.end();
        return;
      }
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("error", () => {});
      request.on("end", () => {
        const envelope = JSON.parse(Buffer.concat(parts).toString()) as Envelope;
        this.runs.push({
          turnId: envelope.turnId,
          guids: envelope.messages.map(({ guid }) => guid),
          text: envelope.text,
          files: envelope.messages
            .flatMap(({ attachments }) => attachments)
            .flatMap(({ path }) => (path ? [{ path, content: readFileSync(path, "base64") }] : [])),
        });
        const answer = () => {
          response.setHeader("content-type", "text/plain");
          response.end(replyTo(envelope.text));
        };
        const delay = this.delayMs();
        if (delay > 0) setTimeout(answer, delay);
        else answer();
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

import { readFile, stat, writeFile } from "node:fs/promises";
import { basename, dirname, isAbsolute, join } from "node:path";
import { type ClientApp, methods, RequestError } from "@agentclientprotocol/sdk";
import { isBelow, realOf } from "../real-path.js";

const maxFileBytes = 10_000_000;

/** The `fs/*` methods, inside the session's working folder only; links are resolved before the decision. */
export class FileAccess {
  /** @param root absolute; the session's working folder */
  constructor(
    private readonly root: string,
    readonly mayWrite: boolean,
  ) {}

  /** Answers the agent's requests; where nothing may be written, the agent is told that there is no such method. */
  serve(app: ClientApp): void {
    app.onRequest(methods.client.fs.readTextFile, async ({ params }) => ({
      content: await this.read(params.path, params.line ?? 1, params.limit ?? undefined),
    }));
    if (!this.mayWrite) return;
    app.onRequest(methods.client.fs.writeTextFile, async ({ params }) => {
      await this.write(params.path, params.content);
    });
  }

  /** @param line first line, from 1 @param limit so many lines; unset: all @throws RequestError outside the root, or beyond 10 MB */
  async read(path: string, line: number, limit: number | undefined): Promise<string> {
    const real = await this.#inside(path);
    if (real === undefined) throw RequestError.resourceNotFound(path);
    const facts = await stat(real);
    if (!facts.isFile() || facts.size > maxFileBytes)
      throw refused(`${path} is not a plain file of up to 10 MB`);
    const text = await readFile(real, "utf8");
    if (line <= 1 && limit === undefined) return text;
    const start = Math.max(0, line - 1);
    return text
      .split("\n")
      .slice(start, limit === undefined ? undefined : start + limit)
      .join("\n");
  }

  /** Writes a whole file, new or not, of at most 10 MB. @throws RequestError outside the root, or where its folder is missing */
  async write(path: string, content: string): Promise<void> {
    if (Buffer.byteLength(content) > maxFileBytes) throw refused("more than 10 MB");
    const existing = await this.#inside(path);
    if (existing !== undefined) return writeFile(existing, content);
    const folder = await this.#inside(dirname(path));
    if (folder === undefined) throw RequestError.resourceNotFound(dirname(path));
    // `wx`: a link that appears in between is not followed.
    await writeFile(join(folder, basename(path)), content, { flag: "wx" });
  }

  /** @returns the real path; undefined when nothing is there @throws when it lies outside */
  async #inside(path: string): Promise<string | undefined> {
    if (!isAbsolute(path)) throw refused("the path is not absolute");
    const [real, root] = await Promise.all([realOf(path), realOf(this.root)]);
    if (real === undefined) return undefined;
    if (root === undefined || (real !== root && !isBelow(real, root)))
      throw refused(`${path} is outside ${this.root}`);
    return real;
  }
}

function refused(why: string): RequestError {
  return RequestError.invalidParams(undefined, why);
}

import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { declaredType, fileTypeOf, headBytes, safeFileName } from "../../conversation/index.js";
import { unreadable } from "./errors.js";

const media = /^(?:image|audio|video)\/|^application\/pdf$/;

const controls = /[\0-\x08\x0e-\x1a\x1c-\x1f]/;

/** Whether a body is a file to send: by its declared type and its bytes, or, whatever it is declared as, by its bytes. */
export function isFile(body: Buffer, contentType: string): boolean {
  if (body.length === 0 || !media.test(typeOf(body, contentType).mimeType)) return false;
  // Words may begin like a file: "caffeine" is no recording.
  return media.test(declaredType(contentType)) || controls.test(body.toString("latin1", 0, headBytes));
}

/**
 * Puts a file that came as an answer where the turn may send it from.
 * @param folder of the turn; absent: nothing can be kept
 * @returns its path
 * @throws AGENT_OUTPUT without a folder
 */
export async function keepFile(
  body: Buffer,
  contentType: string,
  disposition: string,
  folder: string | undefined,
): Promise<string> {
  if (folder === undefined) throw unreadable("it is a file, and there is no folder to keep it in");
  const named = /;\s{0,20}filename\s{0,20}=\s{0,20}"?([^";]{1,200})/i.exec(disposition)?.[1];
  const { ending, mimeType } = typeOf(body, contentType);
  // A type that its bytes do not show names itself well enough for a phone.
  const plain = `answer${ending || `.${mimeType.split(/[/+]/)[1]!.replace(/[^\w]/g, "")}`}`;
  // A folder of its own: the name that people see stays as it was given.
  const own = join(folder, randomUUID());
  await mkdir(own, { recursive: true, mode: 0o700 });
  const path = join(own, safeFileName(named ?? plain));
  await writeFile(path, body, { mode: 0o600, flag: "wx" });
  return path;
}

function typeOf(body: Buffer, contentType: string) {
  return fileTypeOf(body.subarray(0, headBytes), declaredType(contentType));
}

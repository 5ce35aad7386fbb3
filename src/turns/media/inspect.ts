import { open } from "node:fs/promises";
import { type FileType, fileTypeOf, headBytes } from "../../conversation/index.js";

/** What a file is by its content, and its size. @param declared the type that it came with; may be "" @throws the file system's error */
export async function inspect(path: string, declared: string): Promise<{ type: FileType; bytes: number }> {
  const handle = await open(path);
  try {
    const head = Buffer.alloc(headBytes);
    const { bytesRead } = await handle.read(head, 0, headBytes, 0);
    const { size } = await handle.stat();
    return { type: fileTypeOf(head.subarray(0, bytesRead), declared), bytes: size };
  } finally {
    await handle.close();
  }
}

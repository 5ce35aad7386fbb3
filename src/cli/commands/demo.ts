import type { Context } from "../context.js";

export async function demo(_context: Context, _options: { script?: boolean }): Promise<number> {
  return 0;
}

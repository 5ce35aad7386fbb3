import { checkMedia } from "../agents/index.js";
import type { OutboxItem, Store, Turn } from "../store/index.js";

/**
 * Judges a file once more when it is sent (behaviour 6.5a): between a turn and its send a file may have become a link to
 * something else. Files that no turn answers with were named by a person or checked by what sends them.
 * @param foldersOf where files of a turn's agent may lie
 */
export async function checkFile(
  item: OutboxItem,
  store: Pick<Store, "turns">,
  foldersOf: (turn: Turn) => string[],
): Promise<{ code: string; message: string } | undefined> {
  const turn = item.turnId === undefined ? undefined : store.turns.get(item.turnId);
  if (!turn || item.file === undefined) return undefined;
  const folders = foldersOf(turn);
  const files = turn.envelope.messages.flatMap(({ attachments }) =>
    attachments.flatMap(({ path }) => (path === undefined ? [] : [path])),
  );
  const checked = await checkMedia(item.file, { base: folders[0] ?? "/", folders, files });
  if (checked.ok) return checked.value === item.file ? undefined : moved(item.file);
  return { code: checked.error.code, message: checked.error.message };
}

function moved(file: string): { code: string; message: string } {
  return { code: "AGENT_MEDIA_REFUSED", message: `${file} became a link to another file` };
}

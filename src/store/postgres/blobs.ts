import type { BlobStore } from "../blobs.js";
import type { Base } from "./statements.js";

/** Bytes of one part, which is sent in one message to the server. */
const partBytes = 512 * 1024;

/** A file that somebody may still ask for: its turn has not ended, or it is still to be sent. */
const isWanted = `EXISTS (SELECT 1 FROM turn WHERE turn.id = blob.turn_id AND turn.state IN ('queued', 'running'))
  OR EXISTS (SELECT 1 FROM outbox WHERE outbox.turn_id = blob.turn_id AND outbox.state IN ('held', 'pending', 'sending')
    AND starts_with(outbox.file, 'blob:' || blob.id || '/'))`;

/** Files in the tables `blob` and `blob_part`. */
export class PostgresBlobs implements BlobStore {
  constructor(private readonly base: Base) {}

  async put(id: string, turnId: string, bytes: AsyncIterable<Uint8Array>, at: number): Promise<void> {
    await this.base.write([], ({ sql }) =>
      sql("INSERT INTO blob (id, turn_id, made_at) VALUES (?, ?, ?)").run(id, turnId, at),
    );
    let place = 0;
    for await (const part of inParts(bytes)) {
      const at = place++;
      await this.base.write([], ({ sql }) =>
        sql("INSERT INTO blob_part (blob, place, bytes) VALUES (?, ?, ?)").run(id, at, part),
      );
    }
  }

  async *read(id: string): AsyncIterable<Uint8Array> {
    const find = this.base.sql("SELECT bytes FROM blob_part WHERE blob = ? AND place = ?");
    for (let place = 0; ; place++) {
      const row = await find.get(id, place);
      if (!row) return;
      yield row.bytes as Uint8Array;
    }
  }

  async tidy(which: { turnId: string } | { before: number }): Promise<void> {
    const [condition, value] =
      "turnId" in which ? ["turn_id = ?", which.turnId] : ["made_at < ?", which.before];
    const useless = `FROM blob WHERE ${condition} AND NOT (${isWanted})`;
    if (!(await this.base.sql(`SELECT 1 ${useless} LIMIT 1`).get(value))) return;
    await this.base.write([], ({ sql }) => sql(`DELETE ${useless}`).run(value));
  }
}

async function* inParts(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for await (const some of bytes)
    for (let from = 0; from < some.length; from += partBytes) yield some.subarray(from, from + partBytes);
}

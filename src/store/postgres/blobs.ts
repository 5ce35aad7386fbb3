import type { BlobStore } from "../blobs.js";
import type { Base } from "./statements.js";

/** A file that somebody may still ask for: its turn has not ended, or it is still to be sent. */
const isWanted = `EXISTS (SELECT 1 FROM turn WHERE turn.id = blob.turn_id AND turn.state IN ('queued', 'running'))
  OR EXISTS (SELECT 1 FROM outbox WHERE outbox.turn_id = blob.turn_id AND outbox.state IN ('held', 'pending', 'sending')
    AND starts_with(outbox.file, 'blob:' || blob.id || '/'))`;

/** Files in the tables `blob` and `blob_part`. */
export class PostgresBlobs implements BlobStore {
  constructor(private readonly base: Base) {}

  async begin(id: string, turnId: string, at: number): Promise<void> {
    const add = "INSERT INTO blob (id, turn_id, made_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
    await this.base.write([], ({ sql }) => sql(add).run(id, turnId, at));
  }

  async add(id: string, place: number, bytes: Uint8Array): Promise<void> {
    const add = "INSERT INTO blob_part (blob, place, bytes) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
    await this.base.write([], ({ sql }) => sql(add).run(id, place, bytes));
  }

  async part(id: string, place: number): Promise<Uint8Array | undefined> {
    const find = this.base.sql("SELECT bytes FROM blob_part WHERE blob = ? AND place = ?");
    return (await find.get(id, place))?.bytes as Uint8Array | undefined;
  }

  async tidy(which: { turnId: string } | { before: number }): Promise<void> {
    const [condition, value] =
      "turnId" in which ? ["turn_id = ?", which.turnId] : ["made_at < ?", which.before];
    const useless = `FROM blob WHERE ${condition} AND NOT (${isWanted})`;
    if (!(await this.base.sql(`SELECT 1 ${useless} LIMIT 1`).get(value))) return;
    await this.base.write([], ({ sql }) => sql(`DELETE ${useless}`).run(value));
  }
}

/** One stage of health, with its last proof (behaviour 16.1, 17.5). */
export interface Stage {
  /** `ssh` for an account whose Mac is another machine; `clock` where its time is another one; `arrival` where messages come late. */
  name:
    | "ssh"
    | "child"
    | "rpc"
    | "database"
    | "watch"
    | "agent"
    | "sends"
    | "store"
    | "clock"
    | "arrival"
    | "addresses";
  ok: boolean;
  /** ISO 8601, UTC; null before the first proof. */
  provenAt: string | null;
  detail: string;
  remedy: string | null;
}

/** Somebody's right to work on something. The fence rises with each owner, so a late write of an earlier one is refused. */
export interface Claim {
  kind: "account" | "turn" | "send";
  id: string;
  owner: string;
  fence: number;
  /** 1 for the first try. */
  attempt: number;
}

export type Held = "ok" | "lost";

/** The processes that share the state. It is no part of the state, and is not copied with it. */
export const nodeSchema = `
CREATE TABLE node (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  pid bigint NOT NULL,
  version TEXT NOT NULL,
  agents json,
  started_at bigint NOT NULL,
  lease_until bigint NOT NULL,
  keeps bigint NOT NULL DEFAULT 0
);
`;

const tally = (row: "NEW" | "OLD", sign: "" | "-") => `
  INSERT INTO outbox_count AS had (account, state, slot, items, delivered, read, downgraded, failed)
  SELECT ${row}.account, ${row}.state, pg_backend_pid() % 16, ${sign}1,
    ${sign}(${row}.delivery ->> 'deliveredAt' IS NOT NULL)::int, ${sign}(${row}.delivery ->> 'readAt' IS NOT NULL)::int,
    ${sign}coalesce(${row}.delivery ->> 'downgraded' = 'true', FALSE)::int, ${sign}coalesce(${row}.delivery ->> 'failed' = 'true', FALSE)::int
  ON CONFLICT (account, state, slot) DO UPDATE SET items = had.items + excluded.items, delivered = had.delivered + excluded.delivered,
    read = had.read + excluded.read, downgraded = had.downgraded + excluded.downgraded, failed = had.failed + excluded.failed;`;

/** Sends are counted where they change. Each connection counts in a row of its own, so that two never wait for each other. */
export const countSchema = `
CREATE TABLE outbox_count (
  account TEXT NOT NULL,
  state TEXT NOT NULL,
  slot bigint NOT NULL,
  items bigint NOT NULL DEFAULT 0,
  delivered bigint NOT NULL DEFAULT 0,
  read bigint NOT NULL DEFAULT 0,
  downgraded bigint NOT NULL DEFAULT 0,
  failed bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (account, state, slot)
);
CREATE FUNCTION outbox_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN ${tally("OLD", "-")}
  END IF;
  IF TG_OP <> 'DELETE' THEN ${tally("NEW", "")}
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER outbox_counted AFTER INSERT OR DELETE OR UPDATE OF state, delivery ON outbox
  FOR EACH ROW EXECUTE FUNCTION outbox_counted();
`;

import { afterAll, beforeAll, describe } from "vitest";
import { Bench } from "../contract/store/bench.js";
import { nodesContract } from "../contract/store/nodes.js";
import { sharedStoreContract, storeContract } from "../contract/store.js";
import { PostgresHere, withoutPostgres } from "../support/postgres-here.js";
import { PostgresPlaces } from "../support/postgres-places.js";

/** Parts that `npm test` plays; `npm run test:long` plays all. */
const sample = ["accounts", "journal", "turns", "outbox", "drafts", "events", "one of several", "writes"];
const isTried = (part: string) => process.env.TAPBACK_ALL_CASES !== undefined || sample.includes(part);

describe.skipIf(withoutPostgres)("the store on PostgreSQL", () => {
  let server: PostgresHere;
  let places: PostgresPlaces;
  beforeAll(async () => {
    server = await new PostgresHere().start();
    places = new PostgresPlaces(server);
  });
  afterAll(async () => {
    await places.close();
    await server.remove();
  });

  const open = (place: string) => places.open(place);
  storeContract(open, isTried);
  describe("nodes", () => nodesContract(new Bench(open)));
  sharedStoreContract(open);
});

import { afterAll, beforeAll, describe } from "vitest";
import { storeContract } from "../contract/store.js";
import { PostgresHere, withoutPostgres } from "../support/postgres-here.js";
import { PostgresPlaces } from "../support/postgres-places.js";

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

  storeContract((place) => places.open(place));
});

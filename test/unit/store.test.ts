import { describe } from "vitest";
import { openSqliteStore } from "../../src/store/index.js";
import { storeContract } from "../contract/store.js";

describe("the SQLite store", () => storeContract(openSqliteStore));

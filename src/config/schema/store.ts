import * as z from "zod";
import { secretText } from "./fields.js";

/** The top-level block `store`: where the state is (behaviour 21.1). */
export const storeBlock = z
  .strictObject({
    url: secretText()
      .regex(/^postgres(ql)?:\/\/\S+$/, "an address such as postgres://user:password@host:5432/database")
      .optional()
      .describe(
        "Address of the PostgreSQL database that holds the state, in the place of the file in the state folder; `?schema=NAME` names its schema there (`tapback`). A change holds from the next start.",
      ),
  })
  .prefault({})
  .describe("Where the state is.");

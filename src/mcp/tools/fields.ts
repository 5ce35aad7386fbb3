import * as z from "zod";

/** Which account a call is about. */
export const accountField = z
  .string()
  .max(200)
  .optional()
  .describe("Id of the account. Leave it out: it is needed only where there are several.");

/** Which conversation a call is about. */
export const chatField = z
  .string()
  .max(500)
  .describe(
    "The conversation: its `chat` from list_chats (chat_id:42), chat_guid:…, a phone number or an e-mail address.",
  );

/** A page of a list. */
export const cursorField = z.string().max(200).optional().describe("`next` of the page before.");

/** How long a call waits at most: many clients give a call up after a minute. */
export const timeoutField = z
  .number()
  .int()
  .min(1)
  .max(240)
  .default(50)
  .describe("How long to wait, seconds. Many clients give up after 60.");

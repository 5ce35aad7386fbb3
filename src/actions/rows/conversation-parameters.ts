/**
 * Parameters of every action that name the conversation, in the order in which they count, and what a value of each begins
 * with as a target.
 */
export const targetForms: Readonly<Record<string, string>> = {
  chatId: "chat_id:",
  chatGuid: "chat_guid:",
  chatIdentifier: "chat_identifier:",
  to: "",
  target: "",
};

import { type ApiHouse, sam } from "./api-house.js";

interface Operation {
  operationId: string;
  parameters: { name: string; in: string }[];
  "x-scope"?: string;
}

/** What is read of the document of the API. */
export type ApiDocument = { paths: Record<string, Record<string, Operation>> };

/** What is not there, by the names of parameters. */
export const nowhere: Record<string, string> = {
  ...{ chat: "chat_id:987", message: "987654", send: "987654", handle: "+15550109999" },
  ...{ code: "ZZZZZZZZ", draft: "zzzz", attachment: "0" },
};

/** Makes one of everything. @param token may do all @returns what is there, by the names of parameters */
export async function madeFor(house: ApiHouse, token: string): Promise<Record<string, string>> {
  const sent = await house.ask(token, "/v1/messages", { to: sam, text: "from a program" });
  const [draft] = (await house.ask(token, "/v1/drafts")).body.items;
  const [pairing] = (await house.ask(token, "/v1/pairing")).body.items;
  const messages = (await house.ask(token, "/v1/messages")).body.items;
  return {
    chat: `chat_id:${house.lab.mac.chatId(sam)}`,
    message: String(messages.find(({ text }: { text: string }) => text === "something to review").id),
    send: String(sent.body.parts[0].id),
    handle: sam,
    code: pairing.code,
    draft: draft.id,
    attachment: "0",
  };
}

const bodies: Record<string, unknown> = {
  sendMessage: { to: sam, text: "sent by nobody" },
  approvePairing: {},
  sendDraft: {},
  editDraft: { text: "other words" },
};

/** Every request of the document, with what is named in it. */
export function everyRequest({ paths }: ApiDocument, names: Record<string, string>) {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      /** It would be read for ever where it is answered. */
      isStream: operation.operationId === "streamEvents",
      operation,
      scope: operation["x-scope"],
      path: path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(names[name]!)),
      hasNames: path.includes("{"),
      body: method === "post" ? (bodies[operation.operationId] ?? {}) : undefined,
    })),
  );
}

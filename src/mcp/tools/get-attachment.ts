import * as z from "zod";
import { attachmentOf, attachmentUri, contentsOf } from "../attachments.js";
import type { McpDeps } from "../deps.js";
import { type AgentTool, type Content, dataOf } from "./tool.js";

/** Gives a file to the model itself: in many clients only people choose among resources. */
export function getAttachment(deps: McpDeps): AgentTool {
  return {
    name: "get_attachment",
    description:
      "Read a file that came with a message: pictures and sound as such, other files as a resource. At most 5 MB, of accounts that take files in.",
    scopes: ["read"],
    isReading: true,
    input: z.strictObject({
      message: z.number().int().min(1).describe("The `id` of the message."),
      number: z.number().int().min(0).max(9999).default(0).describe("Which of its files, from 0."),
    }),
    call: async (input, agent) => {
      const { message, number } = input as { message: number; number: number };
      const file = await attachmentOf(String(message), number, agent, deps);
      const { name, mimeType, bytes } = file;
      const [kind] = mimeType.split("/");
      const content: Content =
        kind === "image" || kind === "audio"
          ? { type: kind, data: bytes.toString("base64"), mimeType }
          : { type: "resource", resource: contentsOf(attachmentUri(message, number), file) };
      return [...dataOf({ name, mimeType, bytes: bytes.length }), content];
    },
  };
}

import type { FakeReply, ModelProtocol } from "./fake-models.js";

/** An answer in one piece, for clients that do not stream. */
export function wholeAnswer(protocol: ModelProtocol, { text = "", tools = [] }: FakeReply): object {
  if (protocol === "gemini")
    return {
      candidates: [
        {
          index: 0,
          finishReason: "STOP",
          content: {
            role: "model",
            parts: [{ text }, ...tools.map(({ name, input }) => ({ functionCall: { name, args: input } }))],
          },
        },
      ],
      usageMetadata: { promptTokenCount: 100, candidatesTokenCount: 7, totalTokenCount: 107 },
    };
  if (protocol === "messages")
    return {
      id: "m",
      type: "message",
      role: "assistant",
      model: "m",
      content: [
        { type: "text", text },
        ...tools.map(({ name, input }, index) => ({ type: "tool_use", id: `call-${index}`, name, input })),
      ],
      stop_reason: tools.length > 0 ? "tool_use" : "end_turn",
      usage: { input_tokens: 100, output_tokens: 7 },
    };
  if (protocol === "responses")
    return {
      id: "r",
      object: "response",
      status: "completed",
      output: [
        { type: "message", role: "assistant", content: [{ type: "output_text", text, annotations: [] }] },
      ],
    };
  return {
    id: "c",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [
      {
        index: 0,
        finish_reason: tools.length > 0 ? "tool_calls" : "stop",
        message: {
          role: "assistant",
          content: text,
          ...(tools.length > 0 && {
            tool_calls: tools.map(({ name, input }, index) => ({
              id: `call-${index}`,
              type: "function",
              function: { name, arguments: JSON.stringify(input) },
            })),
          }),
        },
      },
    ],
    usage: { prompt_tokens: 100, completion_tokens: 7, total_tokens: 107 },
  };
}

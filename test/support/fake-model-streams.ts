import type { FakeReply } from "./fake-models.js";

const words = (text: string) => text.match(/\S+\s*/g) ?? [];

export function chatCompletion({ text = "", tools = [], finish }: FakeReply): string[] {
  const chunk = (choice: object, more: object = {}) =>
    `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, ...choice }], ...more })}\n\n`;
  return [
    ...words(text).map((content) => chunk({ delta: { role: "assistant", content } })),
    ...tools.map(({ name, input }, index) =>
      chunk({
        delta: {
          tool_calls: [
            {
              index,
              id: `call-${index}`,
              type: "function",
              function: { name, arguments: argumentsOf(input) },
            },
          ],
        },
      }),
    ),
    chunk({ delta: {}, finish_reason: finish ?? (tools.length > 0 ? "tool_calls" : "stop") }),
    chunk(
      { delta: {} },
      {
        usage: {
          prompt_tokens: 100,
          completion_tokens: 7,
          total_tokens: 107,
          prompt_tokens_details: { cached_tokens: 60 },
        },
      },
    ),
    "data: [DONE]\n\n",
  ];
}

export function anthropicMessage({ text = "", tools = [], finish }: FakeReply): string[] {
  const event = (type: string, more: object) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
  const usage = {
    input_tokens: 40,
    cache_read_input_tokens: 60,
    cache_creation_input_tokens: 0,
    output_tokens: 1,
  };
  const blocks = [
    ...(text === ""
      ? []
      : [
          {
            start: { type: "text", text: "" },
            deltas: words(text).map((word) => ({ type: "text_delta", text: word })),
          },
        ]),
    ...tools.map(({ name, input }, index) => ({
      start: { type: "tool_use", id: `call-${index}`, name, input: {} },
      deltas: [{ type: "input_json_delta", partial_json: argumentsOf(input) }],
    })),
  ];
  return [
    event("message_start", {
      message: { id: "m", type: "message", role: "assistant", model: "m", content: [], usage },
    }),
    ...blocks.flatMap(({ start, deltas }, index) => [
      event("content_block_start", { index, content_block: start }),
      ...deltas.map((delta) => event("content_block_delta", { index, delta })),
      event("content_block_stop", { index }),
    ]),
    event("message_delta", {
      delta: { stop_reason: finish === "length" ? "max_tokens" : tools.length > 0 ? "tool_use" : "end_turn" },
      usage: { output_tokens: 7 },
    }),
    event("message_stop", {}),
  ];
}

const argumentsOf = (input: unknown) => (typeof input === "string" ? input : JSON.stringify(input));

/** OpenAI's responses: text first, then calls; a tool may lie in a namespace, as those of MCP servers do. */
export function openaiResponse({ text = "", tools = [], search, finish }: FakeReply): string[] {
  const event = (type: string, more: object) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
  const message = (content: object[]) => ({ type: "message", id: "msg", role: "assistant", content });
  const calls = tools.map(({ name, namespace, input }, index) => ({
    type: "function_call",
    id: `fc-${index}`,
    call_id: `call-${index}`,
    name,
    ...(namespace !== undefined && { namespace }),
    arguments: argumentsOf(input),
  }));
  const searches = search === undefined ? [] : [searchFor(search)];
  const items = [
    ...(text === "" ? [] : [message([{ type: "output_text", text, annotations: [] }])]),
    ...calls,
    ...searches,
  ];
  const usage = {
    input_tokens: 100,
    input_tokens_details: { cached_tokens: 60 },
    output_tokens: 7,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 107,
  };
  return [
    event("response.created", { response: { id: "r" } }),
    ...(text === "" ? [] : [event("response.output_item.added", { output_index: 0, item: message([]) })]),
    ...words(text).map((delta) =>
      event("response.output_text.delta", { item_id: "msg", output_index: 0, delta }),
    ),
    ...items.map((item, index) => event("response.output_item.done", { output_index: index, item })),
    finish === "length"
      ? event("response.incomplete", {
          response: { id: "r", incomplete_details: { reason: "max_output_tokens" }, usage },
        })
      : event("response.completed", { response: { id: "r", output: items, usage } }),
  ];
}

const searchFor = (query: string) => ({
  type: "tool_search_call",
  call_id: "search-0",
  status: "completed",
  execution: "client",
  arguments: { query, limit: 8 },
});

/** Gemini's content, streamed as events. */
export function geminiContent({ text = "", tools = [], finish }: FakeReply): string[] {
  const parts = [
    ...words(text).map((word) => ({ text: word })),
    ...tools.map(({ name, input }) => ({ functionCall: { name, args: input } })),
  ];
  const chunk = (part: object[], more: object = {}) =>
    `data: ${JSON.stringify({ candidates: [{ index: 0, content: { role: "model", parts: part }, ...more }], usageMetadata: { promptTokenCount: 100, candidatesTokenCount: 7, totalTokenCount: 107 } })}\n\n`;
  return [
    ...parts.map((part) => chunk([part])),
    chunk([{ text: "" }], { finishReason: finish === "length" ? "MAX_TOKENS" : "STOP" }),
  ];
}

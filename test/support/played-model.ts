import type { FakeReply, FakeRequest, ModelProtocol } from "./fake-models.js";
import { protocolOf } from "./fake-models.js";

/** A tool as a request offers it; those of MCP servers may lie in a namespace. */
interface OfferedTool {
  name: string;
  namespace?: string;
}

/** One part of a conversation, the same for all protocols. */
interface Said {
  by: "user" | "model" | "tool";
  text: string;
}

/**
 * A model that does what the last direction in the prompt says, whatever protocol it is asked over:
 * `play:say words`, `play:call tool {json}` (the tool whose name ends so), `play:run command` (the agent's own shell),
 * `play:recall`, which answers with the last `the word is …` of the whole conversation, and `play:stall`, which says no more.
 * What a tool came to is said as `Result: …`.
 */
export function playedModel(request: FakeRequest): FakeReply {
  const protocol = protocolOf(request.path);
  const tools = toolsOf(protocol, request.body);
  const said = conversationOf(protocol, request.body);
  const at = said.findLastIndex(({ by, text }) => by === "user" && /play:\w+/.test(text));
  if (at < 0) return { text: "Hello from the model" };
  const direction = [...said[at]!.text.matchAll(/play:(\w+)(?: ([^\n]*))?/g)].at(-1)!;
  const [, verb = "", words = ""] = direction;
  const result = said.slice(at + 1).findLast(({ by }) => by === "tool");
  if (result) return { text: `Result: ${result.text.replace(/\s+/g, " ").slice(0, 600)}` };
  if (verb === "say") return { text: words };
  if (verb === "stall") return { text: "so it goes on and on and on", stall: true };
  if (verb === "recall") {
    const known = [
      ...said
        .map(({ text }) => text)
        .join("\n")
        .matchAll(/the word is (\w+)/g),
    ].at(-1);
    return { text: known ? `It was ${known[1]}` : "I know of no word" };
  }
  const [, name = "", json = "{}"] = verb === "call" ? /^(\S+) ?(.*)$/.exec(words)! : [];
  const tool = verb === "run" ? shellOf(tools) : toolNamed(tools, name);
  // A side request, for a title or the like, offers no tools.
  if (tools.length === 0) return { text: "A title" };
  // Codex holds tools of MCP servers back until they are looked for.
  if (
    tool === undefined &&
    verb === "call" &&
    tools.some(({ name }) => name === "tool_search") &&
    !searched(request.body)
  )
    return { search: "tapback message history schedule" };
  if (tool === undefined)
    return { text: `There is no such tool among ${tools.map(({ name }) => name).join(", ")}` };
  return { tools: [{ ...tool, input: verb === "run" ? shellInput(tool.name, words) : JSON.parse(json) }] };
}

const shells = ["bash", "Bash", "run_shell_command", "exec_command", "shell", "shell_command"];

function shellOf(tools: OfferedTool[]): OfferedTool | undefined {
  return tools.find(({ name }) => shells.includes(name));
}

/** A command as the agent's shell takes it; Codex runs in a sandbox what it is not asked to escalate. */
function shellInput(name: string, command: string): object {
  const escalated = { sandbox_permissions: "require_escalated", justification: "The test asks for it." };
  if (name === "exec_command") return { cmd: command, ...escalated };
  if (name === "shell") return { command: ["bash", "-lc", command], ...escalated };
  if (name === "shell_command") return { command, ...escalated };
  return { command, description: "what the test asks for" };
}

/** The tool of our MCP server: agents put the server's name before it, each in its way. */
function toolNamed(tools: OfferedTool[], wanted: string): OfferedTool | undefined {
  const own = ({ name, namespace = "" }: OfferedTool) => `${namespace}${name}`.includes("tapback");
  return tools.find((tool) => own(tool) && tool.name.endsWith(wanted));
}

// biome-ignore lint/suspicious/noExplicitAny: the protocols' own shapes
type Body = any;

function toolsOf(protocol: ModelProtocol, body: Body): OfferedTool[] {
  const found = (body.input ?? []).filter(({ type }: Body) => type === "tool_search_output");
  const tools: Body[] = [...(body.tools ?? []), ...found.flatMap((output: Body) => output.tools ?? [])];
  if (protocol === "gemini")
    return tools.flatMap(({ functionDeclarations = [] }) =>
      functionDeclarations.map(({ name }: Body) => ({ name })),
    );
  if (protocol === "chat") return tools.map((tool) => ({ name: tool.function?.name ?? "" }));
  return tools.flatMap((tool) =>
    tool.type === "namespace"
      ? tool.tools.map(({ name }: Body) => ({ name, namespace: tool.name }))
      : [{ name: tool.name ?? tool.type }],
  );
}

function searched(body: Body): boolean {
  return (body.input ?? []).some(({ type }: Body) => type === "tool_search_output");
}

function conversationOf(protocol: ModelProtocol, body: Body): Said[] {
  if (protocol === "gemini")
    return (body.contents ?? []).flatMap(({ role, parts = [] }: Body) =>
      parts.map((part: Body) =>
        part.functionResponse
          ? { by: "tool", text: textOf(part.functionResponse.response) }
          : { by: role === "model" ? "model" : "user", text: part.text ?? "" },
      ),
    );
  const turns: Body[] = (protocol === "responses" ? body.input : body.messages) ?? [];
  return turns.flatMap((turn): Said[] => {
    if (turn.type === "function_call_output") return [{ by: "tool", text: textOf(turn.output) }];
    if (turn.role === "tool") return [{ by: "tool", text: textOf(turn.content) }];
    const by = turn.role === "assistant" ? "model" : "user";
    const parts: Body[] = typeof turn.content === "string" ? [{ text: turn.content }] : (turn.content ?? []);
    return parts.map((part) =>
      part.type === "tool_result"
        ? { by: "tool", text: textOf(part.content) }
        : { by, text: part.text ?? "" },
    );
  });
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (Array.isArray(content)) return content.map(textOf).join("\n");
  const { text, output } = (content ?? {}) as { text?: unknown; output?: unknown };
  if (typeof text === "string") return text;
  return typeof output === "string" ? output : JSON.stringify(content);
}

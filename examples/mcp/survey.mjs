// Asks several people the same question in Messages, side by side, and prints what each answered.
//
//   npm install @modelcontextprotocol/client
//   node survey.mjs "Pizza on Friday?" +15550100123 +15550100321
//
// It starts `tapback mcp` as Claude Desktop would, for these people alone. Ended in between and started again it goes on waiting: the
// key keeps the question from being sent twice.
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

const [question, ...people] = process.argv.slice(2);
const client = new Client({ name: "survey", version: "1.0.0" });
await client.connect(
  new StdioClientTransport({
    command: "tapback",
    args: ["mcp", "--chats", ...people, "--scopes", "read,send"],
    env: process.env,
  }),
);
const waiting = [...people];
// An agent may have 8 calls that wait: of more people, each has a turn.
await Promise.all(Array.from({ length: 8 }, askInTurn));
await client.close();

async function askInTurn() {
  for (let person = waiting.shift(); person !== undefined; person = waiting.shift()) {
    const answer = await answerOf(person);
    if (answer === undefined) waiting.push(person);
    else console.log(`${person}: ${answer}`);
  }
}

/** Asks one person, or goes on waiting for the answer; undefined where nobody answered yet. */
async function answerOf(person) {
  const timeoutSeconds = people.length > 8 ? 10 : 50;
  const args = { to: person, question, key: `survey: ${question} ${person}`, timeoutSeconds };
  const { content, isError } = await client.callTool({ name: "ask", arguments: args });
  if (isError) throw new Error(content[0].text);
  // The first part says that the second is what others wrote: here it is only printed.
  const { answer } = JSON.parse(content[1].text);
  return answer ? (answer.tapback ? answer.tapback.kind : answer.text) : undefined;
}

// The durable floor: what any gateway must do that loses nothing. It journals each message in a commit that is forced to the
// disk before its answer is made, and stores the answer in another before it sends it; what is ready at once shares a commit.
// With BENCH_MODEL it asks a model for the answer, over one HTTP connection per request under way, and reads the stream.
import { spawn } from "node:child_process";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { openDatabase } from "./database.mjs";

const [imsg, state] = process.argv.slice(2);
const model = process.env.BENCH_MODEL;

const database = openDatabase(join(state, "floor.db"));
database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  CREATE TABLE journal (id INTEGER PRIMARY KEY, guid TEXT UNIQUE, body TEXT, state TEXT);
  CREATE TABLE outbox (id INTEGER PRIMARY KEY, entry INTEGER, chat INTEGER, text TEXT)`);
const insertRow = database.prepare("INSERT INTO journal (guid, body, state) VALUES (?, ?, 'new')");
const insertAnswer = database.prepare("INSERT INTO outbox (entry, chat, text) VALUES (?, ?, ?)");
const endRow = database.prepare("UPDATE journal SET state = 'done' WHERE id = ?");

let jobs = [];
/** Carries out what is asked for within one turn of the event loop in one forced commit. */
function commit(run) {
  return new Promise((resolve) => {
    if (jobs.push({ run, resolve }) === 1) setImmediate(flush);
  });
}

function flush() {
  const ready = jobs;
  jobs = [];
  database.exec("BEGIN IMMEDIATE");
  const values = ready.map(({ run }) => run());
  database.exec("COMMIT");
  ready.forEach(({ resolve }, index) => {
    resolve(values[index]);
  });
}

// As many at once as the gateway runs turns.
const agent = new Agent({ keepAlive: true, maxSockets: 8 });

function ask(text) {
  const body = JSON.stringify({ model: "m", stream: true, messages: [{ role: "user", content: text }] });
  return new Promise((resolve, reject) => {
    const asked = request(`${model}/v1/chat/completions`, {
      method: "POST",
      agent,
      headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
    });
    asked.on("error", reject);
    asked.on("response", (response) => {
      let stream = "";
      response.setEncoding("utf8");
      response.on("data", (part) => {
        stream += part;
      });
      response.on("end", () => resolve(said(stream)));
    });
    asked.end(body);
  });
}

const said = (stream) =>
  stream
    .split("\n")
    .filter((line) => line.startsWith("data: {"))
    .map((line) => JSON.parse(line.slice(6)).choices[0]?.delta.content ?? "")
    .join("");

const child = spawn(process.execPath, [imsg, "rpc"], { stdio: ["pipe", "pipe", "inherit"] });
let id = 1;
const call = (method, params) =>
  child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: id++, method, params })}\n`);

async function answer(message) {
  const insert = () => Number(insertRow.run(message.guid, JSON.stringify(message)).lastInsertRowid);
  const entry = await commit(insert);
  const text = model ? await ask(message.text) : message.text;
  await commit(() => {
    insertAnswer.run(entry, message.chat_id, text);
    endRow.run(entry);
  });
  call("send", { chat_id: message.chat_id, text });
}

let rest = "";
child.stdout.setEncoding("utf8");
child.stdout.on("data", (chunk) => {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop();
  for (const line of lines) {
    const { method, params } = JSON.parse(line);
    if (method === "message") void answer(params.message);
  }
});
call("watch.subscribe", { since_rowid: 1 });
process.on("SIGTERM", () => process.exit(0));

import type { PeerHouse } from "./peer-house.js";

/** Who said what, and which calls came between, oldest first: what a run is read by. */
export function told(house: PeerHouse): string {
  const { home } = house.installed;
  const said = house.world.transcript().flatMap((one) => {
    const files = one.attachments.map((path) => ` [${path.split("/").at(-1)}]`).join("");
    const marks = one.tapbacks.map(({ emoji }) => ` (${emoji})`).join("");
    const state = `${one.edited ? " (edited)" : ""}${one.unsent ? " (unsent)" : ""}`;
    const poll = one.poll && ` (poll: ${one.poll.question} ${one.poll.options.join(" / ")})`;
    const vote = one.text === "" && files === "" && !poll && !one.unsent ? " (a vote)" : "";
    const text = `${shown(one.text)}${poll ?? ""}${vote}${files}${marks}${state}`;
    const words = one.event ?? `${one.name ?? one.from}: ${text}`;
    return { at: Date.parse(one.at), line: `  ${words}  — chat ${one.chatId}` };
  });
  const asked = house.calls().map(({ at, method, params, argv }) => ({
    at,
    line: `      imsg ${argv ? argv.map(shown).join(" ") : `rpc ${method} ${shown(JSON.stringify(params ?? {}))}`}`,
  }));
  const lines = [...asked, ...said].sort((one, other) => one.at - other.at).map(({ line }) => line);
  return `imsg ${house.version}\n${lines.join("\n").replaceAll(home, "~")}\n`;
}

/** In one line; long texts cut. */
function shown(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 220 ? `${line.slice(0, 220)}…` : line;
}

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { chatById } from "../messages-app/chats.js";
import { deliver } from "../messages-app/deliver.js";
import { messageByGuid } from "../messages-app/threads.js";
import { JsonFile } from "../world/json-file.js";
import type { Place } from "../world/place.js";
import type { World } from "../world/world.js";

/** A text on its way to Messages under the GUID that its sender chose (protocol reference 16). */
export interface TrackedText {
  guid: string;
  chatId: number;
  text: string;
  replyTo?: string;
  /** Not before this time, milliseconds since 1970. */
  dueAt: number;
  /** The child that published it. */
  pid: number;
}

/**
 * The part of imsg that lives in Messages (protocol reference 16.2). Which ids it has reserved, and the texts that it took
 * and whose rows are not written yet, outlast imsg's children and die with Messages. What a child published and nobody
 * claimed lies on the disk and outlasts both.
 */
export class Helper {
  readonly #reserved: JsonFile<{ guids?: string[] }>;

  constructor(private readonly place: Place) {
    this.#reserved = new JsonFile(join(place.folder, "helper.json"), {}, place.host);
  }

  /** Puts a request where the helper looks for them. */
  publish(text: TrackedText): void {
    this.#write("in", text);
  }

  /** The child takes its request back. @returns false when Messages has claimed it */
  takeBack(guid: string): boolean {
    try {
      unlinkSync(this.#path("in", guid));
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Messages claims a request, and reserves its id until it ends. From here on Messages has the text, whatever becomes of
   * the child.
   * @returns `gone` when the request is not there any more, `reserved` when the id was reserved before
   */
  claim(guid: string): "claimed" | "reserved" | "gone" {
    // The earlier text under this id may be on its way still: only the request goes.
    if (this.#isReserved(guid)) return this.takeBack(guid) ? "reserved" : "gone";
    mkdirSync(join(this.place.folder, queueFolder.taken), { recursive: true });
    try {
      renameSync(this.#path("in", guid), this.#path("taken", guid));
    } catch {
      return "gone";
    }
    this.#reserve(guid);
    return "claimed";
  }

  /** Messages writes the row of a text that it claimed. @param inMs after how long */
  writeRow(world: World, text: TrackedText, inMs: number): void {
    if (inMs > 0) {
      this.#write("taken", { ...text, dueAt: world.now() + inMs });
      world.later(inMs, () => this.workOff(world));
      return;
    }
    insertRow(world, text);
    this.drop(text.guid);
  }

  /** Messages forgets a text that it claimed. */
  drop(guid: string): void {
    rmSync(this.#path("taken", guid), { force: true });
  }

  /** Does what is due: rows that Messages has yet to write, and requests whose child is gone. */
  workOff(world: World): void {
    const { host } = this.place;
    const isLeft = ({ pid }: TrackedText) => pid === host.pid || !host.isAlive(pid);
    for (const text of this.#read("taken").filter(isLeft)) {
      if (text.dueAt > world.now()) continue;
      this.#reserve(text.guid);
      this.writeRow(world, text, 0);
    }
    if (!this.place.settings().bridge) return;
    for (const text of this.#read("in"))
      if (text.dueAt <= world.now() && !host.isAlive(text.pid) && this.claim(text.guid) === "claimed")
        this.writeRow(world, text, 0);
  }

  /** Messages ends: what lived in it is gone. Its login agent launches it again at once, where it is installed. */
  die(): void {
    this.#reserved.change(() => ({}));
    rmSync(join(this.place.folder, queueFolder.taken), { recursive: true, force: true });
    this.place.events.add({ at: this.place.host.clock.now(), event: "died" });
    this.place.change((settings) => ({ ...settings, bridge: settings.bridge && settings.launchAgent }));
  }

  /** `imsg launch` empties the queues before it starts Messages. */
  empty(): void {
    for (const folder of Object.values(queueFolder))
      rmSync(join(this.place.folder, folder), { recursive: true, force: true });
    this.#reserved.change(() => ({}));
  }

  #isReserved(guid: string): boolean {
    return this.#reserved.read().guids?.includes(guid) ?? false;
  }

  #reserve(guid: string): void {
    this.#reserved.change(({ guids = [] }) => ({ guids: guids.includes(guid) ? guids : [...guids, guid] }));
  }

  #path(queue: Queue, guid: string): string {
    return join(this.place.folder, queueFolder[queue], `${guid}.json`);
  }

  #write(queue: Queue, text: TrackedText): void {
    mkdirSync(join(this.place.folder, queueFolder[queue]), { recursive: true });
    const path = this.#path(queue, text.guid);
    writeFileSync(`${path}.tmp`, JSON.stringify(text));
    renameSync(`${path}.tmp`, path);
  }

  #read(queue: Queue): TrackedText[] {
    const folder = join(this.place.folder, queueFolder[queue]);
    if (!existsSync(folder)) return [];
    return readdirSync(folder).flatMap((name) => {
      if (!name.endsWith(".json")) return [];
      try {
        return [JSON.parse(readFileSync(join(folder, name), "utf8")) as TrackedText];
      } catch {
        // Claimed meanwhile.
        return [];
      }
    });
  }
}

type Queue = "in" | "taken";
const queueFolder: Record<Queue, string> = { in: ".imsg-rpc/in", taken: ".imsg-rpc/taken" };

/** Two processes may play Messages at once: the row is written once. */
function insertRow(world: World, { guid, chatId, text, replyTo }: TrackedText): void {
  const isThere = () => world.sql("SELECT 1 FROM message WHERE guid = ?").get(guid) !== undefined;
  const chat = chatById(world, chatId);
  if (chat === undefined || isThere()) return;
  // What it answers may be gone by now; Messages then leaves the thread out (protocol reference 9.13).
  const isAnswer = replyTo !== undefined && messageByGuid(world, replyTo) !== undefined;
  const answers = isAnswer ? { replyTo, throughBridge: true } : {};
  try {
    deliver(world, { chat, from: "me", text, guid, ...answers }, "send.tracked");
  } catch (error) {
    if (!isThere()) throw error;
  }
}

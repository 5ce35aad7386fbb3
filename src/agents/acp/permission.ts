import type { RequestPermissionRequest, RequestPermissionResponse } from "@agentclientprotocol/sdk";
import { cutText } from "../../conversation/index.js";
import { type Clock, deadline } from "../../platform/index.js";
import type { AgentEvent } from "../contract.js";
import { writtenOut } from "../written-out.js";
import { ownToolAsked } from "./own-tool.js";
import { whatIsAsked } from "./permission-text.js";
import type { ToolCalls } from "./tool-calls.js";

const maxNote = 300;
const maxOpen = 20;

/** What the permission requests of one prompt are judged and timed with. */
export interface PermissionParts {
  turnId: string;
  /** After this an unanswered request is denied, milliseconds. */
  timeoutMs: number;
  clock: Clock;
  /** What the agent reported of its tool calls: a request may name one and say no more of it. */
  calls: ToolCalls;
}

/**
 * The permission requests of one prompt (behaviour 6.5). Each becomes an event with a way to answer it; one that is not
 * answered in time, or still open at the end, is denied. The gateway's own tools are never asked for: it checks each of
 * their calls itself.
 */
export class Permissions {
  readonly #open = new Set<() => void>();
  #count = 0;
  #closed = false;
  #unanswered: string | undefined;

  constructor(
    private readonly emit: (event: AgentEvent) => void,
    private readonly parts: PermissionParts,
  ) {}

  /** What nobody answered in time, if that happened; the newest. */
  get unanswered(): string | undefined {
    return this.#unanswered;
  }

  /** Puts a request to people. @returns the agent's answer: the option that was chosen; else one that rejects; else `cancelled` */
  ask(request: RequestPermissionRequest): Promise<RequestPermissionResponse> {
    const { options } = request;
    const offered = options.map(({ optionId, name, kind }) => {
      return { id: optionId, name: writtenOut(name), kind };
    });
    if (this.#closed || this.#open.size >= maxOpen || offered.length === 0)
      return Promise.resolve({ outcome: { outcome: "cancelled" } });
    const toolCall = this.parts.calls.whole(request.toolCall);
    const own = ownToolAsked({ ...request, toolCall });
    const once = offered.find(({ kind }) => kind === "allow_once");
    if (own !== undefined && once !== undefined) {
      this.emit({ type: "note", text: `allowed, the gateway checks it itself: ${own}` });
      return Promise.resolve({ outcome: { outcome: "selected", optionId: once.id } });
    }
    const { turnId, timeoutMs, clock } = this.parts;
    this.#count += 1;
    const id = `${turnId}:${this.#count}`;
    const { title, details } = whatIsAsked(toolCall);
    return new Promise((resolve) => {
      const settle = (optionId: string | undefined, isUnanswered: boolean) => {
        stopTimer();
        if (!this.#open.delete(cancel)) return;
        if (isUnanswered) {
          this.#unanswered = title;
          const text = cutText(`permission not answered in time, denied: ${title}`, maxNote);
          this.emit({ type: "note", text });
        }
        const chosen = offered.find((option) => option.id === optionId) ?? offered.find(isRejectOnce);
        const outcome =
          chosen === undefined
            ? { outcome: "cancelled" as const }
            : { outcome: "selected" as const, optionId: chosen.id };
        resolve({ outcome });
      };
      const cancel = () => {
        stopTimer();
        resolve({ outcome: { outcome: "cancelled" } });
      };
      const stopTimer = deadline(clock, timeoutMs, () => settle(undefined, true));
      this.#open.add(cancel);
      const answer = (optionId: string | undefined, isUnanswered = false) => settle(optionId, isUnanswered);
      this.emit({ type: "permission", id, title, details, options: offered, answer });
    });
  }

  /** Denies what is open, and whatever comes. */
  close(): void {
    this.#closed = true;
    for (const cancel of this.#open) cancel();
    this.#open.clear();
  }
}

function isRejectOnce(option: { kind: string }): boolean {
  return option.kind === "reject_once";
}

import type { RequestPermissionRequest, RequestPermissionResponse } from "@agentclientprotocol/sdk";
import { cutText } from "../../conversation/index.js";
import type { Clock } from "../../platform/index.js";
import type { AgentEvent } from "../contract.js";

const maxTitle = 300;
const maxOptions = 9;
const maxOpen = 20;

/**
 * The permission requests of one prompt (behaviour 6.5). Each becomes an event with a way to answer it; one that is not
 * answered in time, or still open at the end, is denied.
 */
export class Permissions {
  readonly #open = new Set<() => void>();
  #count = 0;
  #closed = false;

  constructor(
    private readonly emit: (event: AgentEvent) => void,
    private readonly turnId: string,
    private readonly timeoutMs: number,
    private readonly clock: Clock,
  ) {}

  ask({ toolCall, options }: RequestPermissionRequest): Promise<RequestPermissionResponse> {
    const offered = options
      .slice(0, maxOptions)
      .map(({ optionId, name, kind }) => ({ id: optionId, name, kind }));
    if (this.#closed || this.#open.size >= maxOpen || offered.length === 0)
      return Promise.resolve({ outcome: { outcome: "cancelled" } });
    this.#count += 1;
    const id = `${this.turnId}:${this.#count}`;
    const title = cutText((toolCall.title ?? toolCall.kind ?? "a tool").replace(/\s+/g, " "), maxTitle);
    return new Promise((resolve) => {
      const settle = (optionId: string | undefined, inTime = true) => {
        stopTimer();
        this.#open.delete(cancel);
        if (!inTime) this.emit({ type: "note", text: `permission not answered in time, denied: ${title}` });
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
      const stopTimer = this.clock.after(this.timeoutMs, () => settle(undefined, false));
      this.#open.add(cancel);
      this.emit({ type: "permission", id, title, options: offered, answer: (optionId) => settle(optionId) });
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

import { chatKeyOf, normalizeHandle } from "../../conversation/index.js";
import type { NewOutboxItem } from "../../store/index.js";

/** The same news for each owner, as the outbox takes it (behaviour 10.3). */
export function ownerNotices(owners: Iterable<string>, text: string): NewOutboxItem[] {
  return [...new Set([...owners].map((owner) => normalizeHandle(owner)))].map((handle) => {
    const target = { kind: "handle" as const, handle, service: "auto" as const };
    return { target, chatKey: chatKeyOf(target), origin: "owner-notice", text };
  });
}

import { localTime } from "../platform/index.js";
import type { OutboxItem } from "../store/index.js";

/** State and delivery facts of a sent message in a few words. */
export function deliveryWords({ state, delivery }: Pick<OutboxItem, "state" | "delivery">): string {
  const at = (name: string, time: number | undefined) => time && `${name} ${localTime(time)}`;
  return [
    state,
    at("delivered", delivery?.deliveredAt),
    at("read", delivery?.readAt),
    delivery?.downgraded && "went as SMS",
  ]
    .filter(Boolean)
    .join(", ");
}

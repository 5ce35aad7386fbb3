import type { DeliveryFacts } from "../bridge/index.js";
import type { Delivery } from "../store/index.js";

/** What is noted of a sent message, of what Messages says about it (behaviour 10.1). */
export function deliveryOf({ state, isThere: _, ...facts }: DeliveryFacts): Omit<Delivery, "checkedAt"> {
  // A build that does not say so names the service all the same.
  const downgraded = facts.downgraded || facts.service === "SMS";
  return { ...facts, downgraded, failed: state === "failed" };
}

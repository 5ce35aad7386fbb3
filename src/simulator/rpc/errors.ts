/** An error that is answered over RPC (protocol reference 2.2). */
export class RpcError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly data?: unknown,
  ) {
    super(message);
  }
}

/** The caller's fault. @param reason `data` of the answer */
export function invalidParams(reason: string): RpcError {
  return new RpcError(-32602, "Invalid params", reason);
}

/** Messages', the bridge's or the database's fault. @param reason `data` of the answer */
export function internal(reason: string): RpcError {
  return new RpcError(-32603, "Internal error", reason);
}

/** What is known of a mutation that failed, since imsg 0.14.0. */
export interface Delivery {
  disposition: "not_started" | "may_have_completed" | "still_in_flight";
  transport: string;
  operation: string;
  detail: string;
}

/** The error of a mutation in the form of imsg 0.14.0. */
export function deliveryError(delivery: Delivery): RpcError {
  const data = { retry_safe: delivery.disposition === "not_started", ...delivery };
  return delivery.disposition === "not_started"
    ? new RpcError(-32603, "Delivery failed before dispatch", data)
    : new RpcError(-32001, "Delivery outcome unknown", data);
}

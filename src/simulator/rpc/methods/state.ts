import { messageOf } from "../../../platform/index.js";
import { bridgeAnswers, compiledMethods, compiledSelectors } from "../../reading/status.js";
import type { World } from "../../world/world.js";
import { invalidParams } from "../errors.js";
import type { Call, Method } from "../method.js";

/** RPC `status` and `initialize` (protocol reference 6.4). */
function status(call: Call): Record<string, unknown> {
  const { world } = call;
  const database = databaseState(world);
  const ready = bridgeAnswers(world);
  const supported = [
    "initialize",
    "status",
    ...compiledMethods(world).filter((name) => name !== "initialize" && name !== "status"),
  ];
  const direct = ["initialize", "status", "watch.unsubscribe", "send"];
  const read = ["chats.list", "messages.", "message.send_status", "watch.subscribe"];
  const needsDatabase = (name: string) => read.some((prefix) => name.startsWith(prefix));
  return {
    version: world.settings().version,
    protocol_version: 1,
    database,
    bridge: {
      ready,
      bridge_version: ready ? 2 : 0,
      v2_ready: ready,
      registry_available: ready,
      selectors: ready ? compiledSelectors(world) : {},
      ...(ready ? {} : { error: "imsg bridge is not running" }),
    },
    contacts: { available: true },
    methods: supported.filter(
      (name) => direct.includes(name) || (needsDatabase(name) ? database.ready : ready),
    ),
    supported_methods: supported,
  };
}

function databaseState(world: World): Record<string, unknown> & { ready: boolean } {
  const path = world.dbPath;
  try {
    if (world.faults.fires("permission-denied")) throw new Error("authorization denied (code: 23)");
    world.sql("SELECT 1 FROM message LIMIT 1").get();
  } catch (error) {
    return { path, ready: false, error: messageOf(error) };
  }
  const features = [
    "unread_state",
    "scheduled_messages",
    "reactions",
    "reply_context",
    "routing_metadata",
    "balloon_payloads",
  ];
  return { path, ready: true, features: Object.fromEntries(features.map((name) => [name, true])) };
}

/** Where a sent message stands. */
function sendStatus({ world, params }: Call): Record<string, unknown> {
  const guid = params.text("guid");
  if (!guid) throw invalidParams("guid is required");
  const row = world
    .sql(
      `SELECT service, is_sent, is_delivered, is_finished, error, date_delivered > 0 AS has_delivered, is_delayed, is_prepared,
         is_pending_satellite_send, was_downgraded, date_delivered / 1000000 + 978307200000 AS delivered_ms,
         date_read / 1000000 + 978307200000 AS read_ms, date_read > 0 AS has_read FROM message WHERE guid = ?`,
    )
    .get(guid);
  const base = { ok: true, guid, checked_at: new Date(world.now()).toISOString() };
  if (row === undefined) return { ...base, send_state: "pending", service: null, status_fields: null };
  const flag = (name: string) => row[name] === 1;
  const time = (has: string, ms: string) => (flag(has) ? new Date(Number(row[ms])).toISOString() : null);
  const delivered = time("has_delivered", "delivered_ms");
  const failed = Number(row.error) !== 0;
  return {
    ...base,
    send_state: failed ? "failed" : flag("is_delivered") ? "delivered" : flag("is_sent") ? "sent" : "pending",
    service: row.service ?? null,
    ...(delivered === null ? {} : { delivered_at: delivered }),
    status_fields: {
      is_sent: flag("is_sent"),
      is_delivered: flag("is_delivered"),
      is_finished: flag("is_finished"),
      error: Number(row.error),
      date_delivered: delivered,
      date_read: time("has_read", "read_ms"),
      is_delayed: flag("is_delayed"),
      is_prepared: flag("is_prepared"),
      is_pending_satellite_send: flag("is_pending_satellite_send"),
      was_downgraded: flag("was_downgraded"),
    },
  };
}

const initialize: Method = {
  since: "0.14.0",
  parameters: ["protocol_version"],
  lane: "control",
  withoutDatabase: true,
  run: (call) => {
    if (call.params.integer("protocol_version") !== 1) throw invalidParams("protocol_version must be 1");
    return status(call);
  },
};

export const stateMethods: Record<string, Method> = {
  initialize,
  status: { since: "0.14.0", parameters: [], lane: "control", withoutDatabase: true, run: status },
  "message.send_status": { since: "0.10.0", parameters: ["guid"], lane: "read", run: sendStatus },
};

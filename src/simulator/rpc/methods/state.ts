import { messageOf } from "../../../platform/index.js";
import { bridgeAnswers, compiledMethods, compiledSelectors } from "../../reading/status.js";
import type { World } from "../../world/world.js";
import { notStarted } from "../bridge-gate.js";
import { invalidParams } from "../errors.js";
import type { Call, Method } from "../method.js";
import { isUsable } from "../needs.js";

/** RPC `status` and `initialize` (protocol reference 6.4, 21). */
function status(call: Call): Record<string, unknown> {
  const { world } = call;
  const database = databaseState(world);
  const selectors = bridgeAnswers(world) ? compiledSelectors(world) : undefined;
  const supported = compiledMethods(world);
  return {
    version: world.settings().version,
    protocol_version: 1,
    database,
    bridge: bridgeState(world, selectors),
    contacts: { available: !call.contactsAreCold() },
    methods: supported.filter((name) => isUsable(name, database.ready, selectors)),
    supported_methods: supported,
    // Seen in one tree only, with tapbacks of any emoji (protocol reference 21).
    ...(world.since("0.19.0") ? { capabilities: capabilities(world) } : {}),
  };
}

function bridgeState(world: World, selectors: Record<string, boolean> | undefined): Record<string, unknown> {
  if (selectors)
    return { ready: true, bridge_version: 2, v2_ready: true, registry_available: true, selectors };
  if (world.since("0.15.0")) return { ready: false, error: notStarted };
  const none = { bridge_version: 0, v2_ready: false, registry_available: false, selectors: {} };
  return { ready: false, ...none, error: "imsg bridge is not running" };
}

function capabilities(world: World): Record<string, unknown> {
  const { version } = world.settings();
  const engine = { version, commit: "0000000", built_at: "2026-10-21T00:00:00Z" };
  return { engine, features: { "tapback.emoji": 2 } };
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
  const guid = params.text("guid")?.trim();
  if (!guid) throw invalidParams("guid is required");
  const row = world
    .sql(
      `SELECT service, is_sent, is_delivered, is_finished, error, date_delivered > 0 AS has_delivered, is_delayed, is_prepared,
         is_pending_satellite_send, was_downgraded, date_delivered / 1000000 + 978307200000 AS delivered_ms,
         date_read / 1000000 + 978307200000 AS read_ms, date_read > 0 AS has_read FROM message WHERE guid = ? ORDER BY ROWID DESC LIMIT 1`,
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
  lane: "control",
  withoutDatabase: true,
  run: (call) => {
    const wanted = call.params.integer("protocol_version") ?? 1;
    if (wanted !== 1) throw invalidParams(`unsupported protocol_version ${wanted}; supported version is 1`);
    return status(call);
  },
};

export const stateMethods: Record<string, Method> = {
  initialize,
  status: { lane: "read", withoutDatabase: true, run: status },
  "message.send_status": { lane: "read", run: sendStatus },
};

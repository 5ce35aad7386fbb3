import * as z from "zod";
import { type Reason, reasons } from "../../conversation/index.js";
import { faultNames } from "../kit/faults.js";

const text = z.string();
const handle = z.string().min(1);
const record = z.record(z.string(), z.unknown());

const duration = z.strictObject({
  ms: z.number().optional(),
  seconds: z.number().optional(),
  minutes: z.number().optional(),
  hours: z.number().optional(),
  days: z.number().optional(),
});

/** A conversation: a person's, by `with`, or a group's, by the number that `world.group` gave. */
const place = { with: handle.optional(), group: z.int().optional() };

/** The parameters of every method that `imsg-sim serve` has (behaviour 22.1). */
export const shapes = {
  "world.open": z.strictObject({
    agents: z.array(z.string().min(1)).min(1).default(["main"]),
    config: record.optional(),
    mac: record.optional(),
    patience: duration.optional(),
  }),
  "world.close": z.strictObject({}),
  "world.faults": z.strictObject({}),
  "world.person": z.strictObject({ handle, name: text }),
  "world.group": z.strictObject({ members: z.array(handle).min(1), name: text.optional() }),
  "world.says": z.strictObject({
    from: handle,
    text,
    group: z.int().optional(),
    files: z.array(text).optional(),
    voice: z.boolean().optional(),
    replyTo: text.optional(),
    service: z.enum(["iMessage", "SMS", "RCS"]).optional(),
    effect: text.optional(),
  }),
  "world.reacts": z.strictObject({
    from: handle,
    message: text,
    kind: text,
    remove: z.boolean().default(false),
  }),
  "world.edits": z.strictObject({ message: text, text }),
  "world.unsends": z.strictObject({ message: text }),
  "world.byHand": z.strictObject({ text, ...place }),
  "world.settles": z.strictObject({ within: duration.optional() }),
  "world.passes": duration,
  "world.fault": z.looseObject({ name: z.enum(faultNames as [string, ...string[]]) }),
  "world.heals": z.strictObject({}),
  "world.configures": z.strictObject({ config: record }),
  "world.starts": z.strictObject({}),
  "world.stops": z.strictObject({}),
  "world.transcript": z.strictObject(place),
  "world.received": z.strictObject(place),
  "world.story": z.strictObject({ message: text }),
  "world.seen": z.strictObject({}),
  "expect.received": z.strictObject({ ...place, texts: z.array(text).min(1) }),
  "expect.silent": z.strictObject(place),
  "expect.answeredExactlyOnce": z.strictObject({ message: text.optional() }),
  "expect.leakedNothing": z.strictObject({ secrets: z.array(text).default([]) }),
  "expect.droppedFor": z.strictObject({ message: text, reason: z.enum(reasons as readonly Reason[]) }),
  "turn.say": z.strictObject({ turn: text, text, files: z.array(text).default([]) }),
  "turn.act": z.strictObject({ turn: text, action: text, parameters: record.default({}) }),
  "turn.note": z.strictObject({ turn: text, text }),
  "turn.sleep": z.strictObject({ turn: text, ms: z.number().min(0) }),
  "turn.remember": z.strictObject({ turn: text, session: z.unknown() }),
};

export type MethodName = keyof typeof shapes;
export type ParametersOf<M extends MethodName> = z.infer<(typeof shapes)[M]>;

import * as z from "zod";
import { TapbackError } from "../../platform/index.js";

const send = z.looseObject({
  state: z.string(),
  text: z.string().nullable(),
  file: z.string().nullable(),
  error: z.looseObject({ code: z.string() }).nullable(),
});

const message = z.looseObject({
  id: z.int().nonnegative(),
  account: z.string(),
  state: z.string(),
  sentAt: z.string().nullable(),
  fromMe: z.boolean(),
  sender: z.string(),
  text: z.string(),
  attachments: z.array(z.unknown()),
  tapback: z.string().nullable(),
  chat: z.looseObject({
    id: z.int().nonnegative(),
    identifier: z.string().optional(),
    isGroup: z.boolean(),
    participants: z.array(z.string()),
    service: z.string().nullable(),
  }),
  decision: z
    .looseObject({
      ...{ kind: z.string(), reason: z.string().optional() },
      ...{ name: z.string().optional(), silent: z.boolean().optional() },
    })
    .optional(),
  turn: z
    .looseObject({
      id: z.string(),
      agentId: z.string(),
      state: z.string(),
      error: z.looseObject({ code: z.string(), message: z.string() }).nullable(),
    })
    .nullable(),
  replies: z.array(send),
});

const bundle = z.looseObject({
  report: z.literal(1),
  madeAt: z.string(),
  versions: z.looseObject({ tapback: z.string() }),
  configuration: z.record(z.string(), z.unknown()),
  health: z.unknown(),
  journal: z.array(message),
});

/** What `tapback report` wrote, as far as a test is made of it (behaviour 16.3). */
export type Bundle = z.infer<typeof bundle>;
export type ReportedMessage = Bundle["journal"][number];

/** @param file how it is called in an error @throws TapbackError `REPORT_INVALID` */
export function readBundle(text: string, file: string): Bundle {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const parsed = bundle.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new TapbackError("REPORT_INVALID", `${file} is no report that this version can read`, {
    hint: "Name a file that `tapback report` wrote.",
  });
}

import * as z from "zod";
import { imessageChannel } from "./account.js";
import { acpBlock } from "./acp.js";
import { agentsBlock } from "./agents.js";
import { alertsBlock } from "./alerts.js";
import { bindingsBlock } from "./bindings.js";
import { about } from "./fields.js";
import { gatewayBlock, loggingBlock } from "./gateway.js";
import { messagesBlock } from "./messages.js";
import { modelsBlock } from "./models.js";
import { accessGroupsBlock, commandsBlock, optOutBlock, pairingBlock } from "./people.js";
import { sessionBlock } from "./session.js";
import { storeBlock } from "./store.js";
import { voiceBlock } from "./voice.js";
import { webhooksBlock } from "./webhooks.js";

/** The whole configuration (behaviour 2). Strict at every level: an unknown key is an error. */
export const configSchema = z.strictObject({
  $schema: z.string().optional().apply(about, "JSON Schema of this file, for editors."),
  channels: z
    .strictObject({
      defaults: z
        .strictObject({
          groupPolicy: z
            .enum(["allowlist", "open", "disabled"])
            .optional()
            .apply(about, "Used where the channel sets no `groupPolicy`."),
        })
        .prefault({})
        .apply(about, "Settings for all channels."),
      imessage: imessageChannel
        .optional()
        .apply(about, "iMessage and SMS through `imsg`; without this block nothing is served."),
    })
    .prefault({})
    .apply(about, "Where messages come from."),
  session: sessionBlock,
  agents: agentsBlock,
  bindings: bindingsBlock,
  messages: messagesBlock,
  accessGroups: accessGroupsBlock,
  commands: commandsBlock,
  pairing: pairingBlock,
  optOut: optOutBlock,
  acp: acpBlock,
  models: modelsBlock,
  alerts: alertsBlock,
  webhooks: webhooksBlock,
  voice: voiceBlock,
  store: storeBlock,
  gateway: gatewayBlock,
  logging: loggingBlock,
});

/**
 * Judges a parsed value by the schema alone. Without zod's just-in-time compiler: a configuration is parsed once per
 * process, and compiling costs three times what the parse does (60 ms against 17 ms, measured).
 */
export function judge(value: unknown): z.ZodSafeParseResult<Config> {
  return configSchema.safeParse(value, { jitless: true });
}

/** A valid configuration; account fields are as written, see `resolveAccounts` for the effective ones. */
export type Config = z.output<typeof configSchema>;

/** One way to run an agent. */
export type RuntimeConfig = NonNullable<Config["agents"]["list"][number]["runtime"]>;

/** One way on which its owner is told what is broken. */
export type AlertChannel = Config["alerts"][number];

/** A web service that is told what happens. */
export type WebhookConfig = Config["webhooks"][number];

/** A program of `voice`. */
export type VoiceCommand = NonNullable<Config["voice"]["speak"]>;

/** One entry of `bindings`. */
export type Binding = Config["bindings"][number];

/** One entry of `models.providers`. */
export type ModelProvider = Config["models"]["providers"][string];

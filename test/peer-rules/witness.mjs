// Asks the published OpenClaw itself who is answered. It is started in the folder into which openclaw and @openclaw/imessage
// were installed, with a Node that they take, reads one question a line and writes one answer a line. Nothing of the package
// is kept in this project: what is asked is found by its name when this runs.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const root = process.argv[2];
const dist = join(root, "node_modules/@openclaw/imessage/dist");
const setup = join(dist, ".setup");

/** Imports a bundle of the package with one of its functions, which it does not export by that name. */
async function bundleWith(prefix, ...names) {
  const file = readdirSync(setup).find((name) => name.startsWith(`${prefix}-`));
  const copy = join(setup, `witness-${prefix}.mjs`);
  const alias = names.map((name) => `${name} as witness_${name}`).join(", ");
  writeFileSync(copy, `${readFileSync(join(setup, file), "utf8")}\nexport { ${alias} };\n`);
  return await import(pathToFileURL(copy).href);
}

const { witness_resolveIMessageInboundDecision: decide } = await bundleWith(
  "monitor",
  "resolveIMessageInboundDecision",
);
const { witness_resolveIMessageAccount: accountOf, witness_listIMessageAccountIds: accountsOf } =
  await bundleWith("accounts", "resolveIMessageAccount", "listIMessageAccountIds");
const { IMessageConfigSchema, setIMessageRuntime } = await import(
  pathToFileURL(join(dist, "runtime-api.js")).href
);
const ingress = await import(
  pathToFileURL(join(root, "node_modules/openclaw/dist/plugin-sdk/channel-ingress-runtime.js")).href
);
setIMessageRuntime({
  channel: { inbound: { ingress: { createResolver: ingress.createChannelIngressResolver } } },
});

const entries = (list) => (list ?? []).map((entry) => String(entry).trim()).filter(Boolean);

function configOf(file) {
  const block = file.channels?.imessage;
  if (block === undefined) return { cfg: file, isValid: true };
  const parsed = IMessageConfigSchema.safeParse(block);
  // What the gateway refuses to start with is judged with the defaults that it would have filled in.
  const filled = parsed.success ? parsed.data : { dmPolicy: "pairing", groupPolicy: "allowlist", ...block };
  return { cfg: { ...file, channels: { ...file.channels, imessage: filled } }, isValid: parsed.success };
}

async function answer(cfg, approved, message) {
  const { enabled, configured, config } = accountOf({ cfg, accountId: message.account });
  const ids = accountsOf(cfg).map((id) => id.toLowerCase());
  if (!enabled || !configured || !ids.includes(message.account)) return "nothing";
  const own = config.groupAllowFrom;
  const text = message.text.trim();
  try {
    const decision = await decide({
      cfg,
      accountId: message.account,
      message: {
        id: 1,
        guid: "00000000-0000-0000-0000-000000000001",
        sender: message.sender,
        chat_id: message.chatId,
        chat_guid: message.chatGuid,
        chat_identifier: message.chatIdentifier,
        is_group: message.isGroup,
        is_from_me: false,
        text,
      },
      opts: {},
      messageText: text,
      bodyText: text,
      allowFrom: entries(config.allowFrom),
      groupAllowFrom: entries(own ?? (config.allowFrom?.length > 0 ? config.allowFrom : [])),
      allowLegacyConversationAllowFromForGroup: own == null,
      groupPolicy: config.groupPolicy ?? "allowlist",
      dmPolicy: config.dmPolicy ?? "pairing",
      storeAllowFrom: approved[message.account] ?? [],
      historyLimit: 0,
      groupHistories: new Map(),
    });
    if (decision.kind === "dispatch") return { agent: decision.route.agentId };
    return decision.kind === "pairing" ? "code" : "nothing";
  } catch (error) {
    if (error?.code === "AGENT_SELECTION_REQUIRED" || /agents? (are )?configured/i.test(String(error)))
      return "nothing";
    return `error: ${error?.message}`;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { file, approved, messages } = JSON.parse(line);
  const { cfg, isValid } = configOf(file);
  const answers = [];
  for (const message of messages) answers.push(await answer(cfg, approved, message));
  process.stdout.write(`${JSON.stringify({ isValid, answers })}\n`);
}

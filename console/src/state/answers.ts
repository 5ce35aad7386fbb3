import type * as z from "zod";
import type { health } from "../../../src/api/health-schema.js";
import type * as api from "../../../src/api/schemas.js";
import type { agents, proof, scheduled, trial } from "../../../src/console/routes/agents.js";
import type { bubble } from "../../../src/console/routes/chats.js";
import type { enrolment } from "../../../src/console/routes/enrolment.js";
import type { inboxMessage } from "../../../src/console/routes/inbox.js";
import type { logLine } from "../../../src/console/routes/log.js";
import type { cluster } from "../../../src/console/routes/nodes.js";
import type { admitted, limited } from "../../../src/console/routes/people.js";
import type { question } from "../../../src/console/routes/questions.js";
import type { changed, judged, problem } from "../../../src/console/routes/settings.js";
import type { edited, field, form } from "../../../src/console/routes/settings-form.js";
import type { doubtful, usageDay } from "../../../src/console/routes/work.js";

/** What the gateway answers, by the very schemas that check its answers. */
export type Chat = z.output<typeof api.chat>;
export type Message = z.output<typeof api.message>;
export type ChatRow = z.output<typeof bubble>;
export type InboxMessage = z.output<typeof inboxMessage>;
export type Story = z.output<typeof api.story>;
export type Draft = z.output<typeof api.draft>;
export type Enrolment = z.output<typeof enrolment>;
export type Question = z.output<typeof question>;
export type Agents = z.output<typeof agents>;
export type AgentProof = z.output<typeof proof>;
export type AgentTrial = z.output<typeof trial>;
export type Scheduled = z.output<typeof scheduled>;
export type PairingRequest = z.output<typeof api.request>;
export type Admitted = z.output<typeof admitted>;
export type LimitedPerson = z.output<typeof limited>;
export type Health = z.output<typeof health>;
export type Cluster = z.output<typeof cluster>;
export type LogLine = z.output<typeof logLine>;
export type Doubtful = z.output<typeof doubtful>;
export type UsageDay = z.output<typeof usageDay>;
export type Judged = z.output<typeof judged>;
export type SettingsForm = z.output<typeof form>;
export type SettingsField = z.output<typeof field>;
export type EditedSettings = z.output<typeof edited>;
export type SettingsChange = z.output<typeof changed>;
export type ConfigProblem = z.output<typeof problem>;

export interface Page<Item> {
  items: Item[];
  next: string | null;
}

export { ChatNumbers } from "./chat-numbers.js";
export { type ChunkOptions, chunkText } from "./chunk.js";
export { chunkRendered } from "./chunk-rendered.js";
export { DeliveryWatch } from "./delivery.js";
export { deliveryOf } from "./delivery-facts.js";
export { FilesInStore } from "./files-in-store.js";
export {
  checkRecipient,
  type FirewallFacts,
  isOwnerOrNamed,
  refuseOptedOut,
  withPairedOwners,
} from "./firewall.js";
export { holdsLink } from "./links.js";
export { isParsed, type Rendered, renderMarkdown } from "./markdown.js";
export { ownerNotices } from "./notices/owner-items.js";
export { type NoticeText, noticeWindowMs, OwnerNotices } from "./notices/owner-notices.js";
export { heldNotice, loopNotice, quietNotice, sendNotice, smsNotice, turnNotice } from "./notices/texts.js";
export { OutgoingFiles, outgoingFolder } from "./outgoing-files.js";
export type { HoldBack } from "./pacing.js";
export { quietHoursEnd } from "./quiet-hours.js";
export { withReader } from "./reader.js";
export { nameMeant, refuseRenumbered } from "./renumbered.js";
export { compareText } from "./same-text.js";
export { isOurRule } from "./send-outcomes.js";
export { showsPoll } from "./send-poll.js";
export { Sender, type SenderTimes, senderTimes } from "./sender.js";
export type { SenderSettings } from "./sender-settings.js";
export { sentMessage } from "./sent-message.js";
export { isBlank, showable } from "./showable.js";
export { removeStaged, type StagedFile, stageBytes, stageFile } from "./staging.js";
export { type TextRules, textParts } from "./text-parts.js";

export { accountPolicy, namedOwners } from "./account-policy.js";
export { admissionOf } from "./admission.js";
export { type Allowlist, chatKey, compileAllowlist, type Match, matchAllowlist } from "./allowlist.js";
export { isAttachmentPathAllowed } from "./attachment-roots.js";
export { commandIn, hasContent, writtenText } from "./content.js";
export { decide } from "./decide.js";
export { getsPairingCode } from "./direct.js";
export {
  enrolmentLifetimeMs,
  enrolmentPhrase,
  mostGuesses,
  mostGuessesPerSender,
  phraseLength,
  readPhrase,
} from "./enrolment/phrase.js";
export type { Facts } from "./facts.js";
export { groupOptions, isGroupish, mentionsFor, type ResolvedGroup } from "./groups.js";
export { compileMentions, type MentionPatterns } from "./mention.js";
export { isNamedByPolicy } from "./named.js";
export {
  isPairingPending,
  maxPendingPairings,
  type PairingFacts,
  pairingAlphabet,
  pairingCode,
  pairingCodeLength,
  pairingLifetimeMs,
  pairingState,
  readPairingCode,
} from "./pairing.js";
export { compilePolicy, type Policy } from "./policy.js";
export type { AccountField, GroupOptions, PolicySource } from "./policy-source.js";
export { backlogLimitMs } from "./row.js";
export { isOwner, isSelfChat, senderOf, trustedService } from "./sender.js";

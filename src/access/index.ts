export { accountPolicy, namedOwners } from "./account-policy.js";
export { admissionOf } from "./admission.js";
export { type Allowlist, compileAllowlist, matchAllowlist } from "./allowlist.js";
export { isAttachmentPathAllowed } from "./attachment-roots.js";
export { carriesFiles } from "./content.js";
export { decide } from "./decide.js";
export {
  enrolmentLifetimeMs,
  enrolmentPhrase,
  mostGuesses,
  mostGuessesPerSender,
  phraseLength,
  readPhrase,
} from "./enrolment/phrase.js";
export type { Facts } from "./facts.js";
export { groupOptions, isGroupish } from "./groups.js";
export { isNamedByPolicy } from "./named.js";
export {
  isPairingPending,
  maxPendingPairings,
  pairingCode,
  pairingCodeLength,
  pairingLifetimeMs,
  pairingState,
  readPairingCode,
} from "./pairing.js";
export { compilePolicy, optOutWordsOf, type Policy } from "./policy.js";
export type { PolicySource } from "./policy-source.js";
export { backlogLimitMs } from "./row.js";
export { isOwner, isSelfChat, trustedService } from "./sender.js";

export { changeBetween } from "./change.js";
export {
  type Chat,
  type ChatService,
  type ForgeableService,
  hasSeveralPeople,
  isPlaced,
  isSamePerson,
  mayBeSameChat,
  nameIn,
  namesSameChat,
  serviceOf,
} from "./chat.js";
export { chatKeyOf, chatKeysOf, replyTargetOf, replyTargetOfEnvelope } from "./chat-key.js";
export { isChatNamed, mayBeOf } from "./chat-of-target.js";
export { type CommandRule, type CommandRules, untypedCommands } from "./command-rules.js";

export { cutMiddle, cutStart, cutText } from "./cut.js";
export { type Decision, type GateStep, type Reason, type Refusal, reasons } from "./decision.js";
export { effectFor, effectNames } from "./effect.js";
export { type Envelope, type EnvelopeAttachment, type EnvelopeMessage, maxFiles } from "./envelope.js";
export { type Fence, fenceAfter, findFences } from "./fences.js";
export { fileKind } from "./file-kind.js";
export { safeFileName, splitName } from "./file-name.js";
export { declaredType, type FileType, fileTypeOf, headBytes } from "./file-type.js";
export { cutBefore } from "./graphemes.js";
export { handleKind, isMachine, isNationalNumber, normalizeHandle } from "./handle.js";
export type { Attachment, MessageRow, ReplyContext, TapbackEvent } from "./message.js";
export { sidOf } from "./message-sid.js";
export { normalForm } from "./normal-form.js";
export { isLink, readableText } from "./readable-text.js";
export { type ReasonNames, reasonText } from "./reason-texts.js";
export { declaredOf, isRecording, isVoiceMessage } from "./recording.js";
export { ownSender, replyLine } from "./reply.js";
export { farRows, isFarAbove, newestRowId } from "./row-id.js";
export { nameOfThing, shownText } from "./shown-text.js";
export type { StyledRun, TextStyle } from "./styled-text.js";
export { tapbackEmoji, tapbackFor } from "./tapback.js";
export { isQuotedBy, tapbackInWords } from "./tapback-words.js";
export {
  type ChatTarget,
  coversTarget,
  formatTarget,
  parseTarget,
  readChatTarget,
  type Target,
} from "./target.js";

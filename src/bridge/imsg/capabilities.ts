import type { Ability, Capabilities, Support } from "../abilities.js";
import { methodOf } from "./ability-methods.js";
import { type MethodName, methodFacts } from "./methods.js";
import type { ImsgStatus } from "./status.js";

const noBridge: Support = {
  supported: false,
  missing: "bridge",
  why: "the imsg private API bridge is not running (`imsg launch`: docs/deployment/private-api.md)",
};

/** Judges one method by what `imsg status` told. */
export function supports(status: ImsgStatus, method: MethodName): Support {
  if (formOf(status, method) === undefined)
    return { supported: false, missing: "method", why: `this imsg does not have ${method}; update imsg` };
  const { bridge, selectors } = methodFacts(method);
  if (!bridge) return { supported: true };
  if (!status.privateApi.available) return noBridge;
  if (status.usable?.includes(method)) return { supported: true };
  const told = (selectors ?? []).filter((selector) => isTold(status, selector));
  if (told.length > 0 && !told.some((selector) => status.selectors[selector]))
    return {
      supported: false,
      missing: "selector",
      why: `this version of macOS does not offer ${told.join(" or ")}`,
    };
  if (status.usable)
    return { supported: false, missing: "selector", why: `imsg says that ${method} cannot be used now` };
  return { supported: true };
}

/**
 * Whether a build would tell of a selector: one that it reports, or, where it reports any, one of its time, which is false
 * when it is absent (behaviour 11.1, protocol reference 6.3).
 */
function isTold({ selectors, version }: ImsgStatus, selector: string): boolean {
  if (selector in selectors) return true;
  return Object.keys(selectors).length > 0 && isAtLeast(version, 0, reportedSince[selector] ?? 14);
}

/** The minor version since which builds tell of a selector (protocol reference 6.3); all others came with 0.14. */
const reportedSince: Readonly<Record<string, number>> = {
  editMessageItem: 7,
  editMessage: 7,
  retractMessagePart: 7,
  pollPayloadMessage: 10,
  pollVoteMessage: 12,
  namePhotoShouldOffer: 13,
  namePhotoShare: 13,
  stickerSend: 13,
  deleteChat: 13,
  removeChat: 13,
};

/** Whether a build takes a method over RPC, or only as a command; undefined when it has neither. */
export function formOf(status: ImsgStatus, method: MethodName): "rpc" | "command" | undefined {
  if (status.methods.length > 0) return status.methods.includes(method) ? "rpc" : undefined;
  const { always, command } = methodFacts(method);
  if (always) return "rpc";
  return command ? "command" : undefined;
}

/** What a Mac can do by what `imsg status` told. @param at when it told, milliseconds since the epoch */
export function capabilitiesOf(status: ImsgStatus, at: number): Capabilities {
  return {
    at,
    version: status.version,
    privateApi: status.privateApi,
    methods: status.methods,
    selectors: status.selectors,
    ...(status.helperMismatch !== undefined && { helperMismatch: status.helperMismatch }),
    perMethod: status.methods.length > 0,
    can: (ability) => judge(status, ability),
  };
}

function judge(status: ImsgStatus, ability: Ability): Support {
  const support = supports(status, methodOf(ability));
  if (!support.supported) return support;
  if (ability === "styles") {
    if (!isAtLeast(status.version, 0, 12)) return tooOld("styled text", "0.12");
    return status.privateApi.available ? support : noBridge;
  }
  if (ability === "reactWithEmoji") return withEmoji(status, support);
  return support;
}

/** A selector decides where it is told, else what the build says of its features (protocol reference 13). */
function withEmoji({ selectors, features = {} }: ImsgStatus, support: Support): Support {
  const told = selectors.emojiTapbackSend;
  if (told ?? (features["tapback.emoji"] ?? 0) >= 2) return support;
  return told === undefined
    ? tooOld("tapbacks with any emoji", "0.19")
    : { supported: false, missing: "selector", why: "this version of macOS does not offer emojiTapbackSend" };
}

function tooOld(what: string, version: string): Support {
  return { supported: false, missing: "method", why: `${what} needs imsg ${version} or later` };
}

/** Whether a build is of a version or later. One that tells none is older than 0.9.0 (protocol reference 6.2). */
export function isAtLeast(version: string | undefined, major: number, minor: number): boolean {
  const [haveMajor = 0, haveMinor = 0] = (version ?? "0.0").split(".").map(Number);
  return haveMajor > major || (haveMajor === major && haveMinor >= minor);
}

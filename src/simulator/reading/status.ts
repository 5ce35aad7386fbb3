import type { Place } from "../world/place.js";

/** Names of the RPC methods that the played version was built with. */
export function compiledMethods(place: Pick<Place, "profile">): string[] {
  return Object.keys(place.profile().methods);
}

/** What macOS 26.6 lacks of the private API (protocol reference 15.2). */
const advanced = [
  "editMessage",
  "editMessageItem",
  "editMessageItemTranslation",
  "retractMessagePart",
  "pollPayloadMessage",
  "pollVoteMessage",
];

/** Which of Apple's functions the helper of the played version looks for, and whether the macOS that is played has them. */
export function compiledSelectors(place: Pick<Place, "profile" | "settings">): Record<string, boolean> {
  const lacking = place.settings().selectors === "basic" ? advanced : [];
  return Object.fromEntries(
    Object.entries(place.profile().selectors).map(([name, is]) => [name, is && !lacking.includes(name)]),
  );
}

/** Whether the helper answers now: it runs, and no fault keeps it silent. */
export function bridgeAnswers(place: Place): boolean {
  return place.settings().bridge && !place.faults.pending("bridge-lost");
}

/** What `imsg status --json` prints (protocol reference 6.1, 6.2); a helper that does not answer leaves a stale lock. */
export function statusObject(place: Place): Record<string, unknown> {
  const { version, bridge, sip, helperVersion } = place.settings();
  const answers = bridgeAnswers(place);
  const advanced = bridge && (answers || !place.since("0.10.0"));
  const selectors = answers ? compiledSelectors(place) : {};
  const methods = compiledMethods(place);
  return {
    version,
    basic_features: true,
    advanced_features: advanced,
    typing_indicators: advanced,
    read_receipts: advanced,
    sip,
    message: messageFor(bridge, answers, sip),
    bridge_version: answers ? 2 : 0,
    v2_ready: answers,
    ...(answers && place.since("0.15.6") ? helperFields(version, helperVersion) : {}),
    selectors,
    // The one method that hangs on a selector here (protocol reference 15.1).
    rpc_methods: methods.filter(
      (name) => name !== "send.tracked" || selectors.clientMessageGuidReservation === true,
    ),
  };
}

/** An upgrade of imsg leaves the old helper in Messages until it is launched again (protocol reference 21). */
function helperFields(version: string, helper: string): Record<string, string> {
  if (helper === "") return { helper_version: version };
  return {
    helper_version: helper,
    helper_version_mismatch: `The helper in Messages is ${helper}, imsg is ${version}. Run imsg launch.`,
  };
}

function messageFor(bridge: boolean, answers: boolean, sip: string): string {
  if (answers) return "Connected to Messages.app. IMCore features available.";
  if (bridge) return "Messages.app is not responding. Run imsg launch.";
  if (sip === "enabled")
    return "System Integrity Protection (SIP) is enabled.\nDisable it to use advanced features.";
  if (sip === "unknown") return "System Integrity Protection (SIP) status is unknown.";
  return "Not connected to Messages.app. Run imsg launch to enable advanced features.";
}

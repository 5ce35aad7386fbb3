/** The balloon of a link's preview (protocol reference 8.1). Some builds write the name of the plug-in before it. */
const linkProvider = "com.apple.messages.URLBalloonProvider";

/** What Apple's own balloons show, by the last part of their id; those of other makers are named by their id. */
const known: Readonly<Record<string, string>> = {
  "com.apple.messages.Polls": "A poll",
  "com.apple.findmy.FindMyMessagesApp": "A location shared with Find My",
  "com.apple.PassbookUIService.PeerPaymentMessagesExtension": "A payment or a request of Apple Cash",
  "com.apple.Handwriting.HandwritingProvider": "A handwritten message",
  "com.apple.DigitalTouchBalloonProvider": "A drawing of Digital Touch",
  "com.apple.ActivityMessagesApp.MessagesExtension": "A card of Fitness",
  "com.apple.mobileslideshow.PhotosMessagesApp": "Photos shared over iCloud",
  "com.apple.SafetyMonitorApp.SafetyMonitorMessages": "A Check In",
  "com.apple.AskToMessagesHost.AskToMessagesExtension": "A request to buy or use something",
};

/** Whether a balloon is the preview of a link. */
export function isLinkBalloon(balloon: string | undefined): boolean {
  return balloon !== undefined && appOf(balloon) === linkProvider;
}

/**
 * Names a card that an app put into a chat (behaviour 5.5); what is on it, imsg does not tell.
 * @returns undefined where the balloon is none, or the preview of a link
 */
export function cardName(balloon: string | undefined): string | undefined {
  if (balloon === undefined || isLinkBalloon(balloon)) return undefined;
  const app = appOf(balloon);
  if (Object.hasOwn(known, app)) return known[app];
  const id = app.replace(/[^\w.-]/g, "").slice(0, 100);
  return id.includes(".") ? `A card of the app ${id}` : "A card of an app";
}

/** `com.apple.messages.MSMessageExtensionBalloonPlugin:TEAM:BUNDLE`, or the bundle alone (protocol reference 8.1). */
function appOf(balloon: string): string {
  return balloon.split(":").at(-1)!;
}

const bubble = ["impact", "loud", "gentle", "invisibleink"];

/** imsg's short names; those that differ from Apple's ids are imsg's own spelling (protocol reference 7.1). */
const screen: Record<string, string> = {
  confetti: "CKConfettiEffect",
  lasers: "CKLasersEffect",
  fireworks: "CKFireworksEffect",
  balloons: "CKBalloonsEffect",
  love: "CKLoveEffect",
  echo: "CKEchoEffect",
  spotlight: "CKSpotlightEffect",
  sparkles: "CKSparklesEffect",
  celebration: "CKCelebrationEffect",
};

/** The effect's id that imsg sends for a name; what it does not know goes through unchanged. */
export function effectId(name: string): string {
  if (bubble.includes(name)) return `com.apple.MobileSMS.expressivesend.${name}`;
  return Object.hasOwn(screen, name) ? `com.apple.messages.effect.${screen[name]}` : name;
}

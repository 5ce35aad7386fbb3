const bubble = "com.apple.MobileSMS.expressivesend.";
const screen = "com.apple.messages.effect.CK";

/** Ids that Apple's devices store and animate (protocol reference 7.1), by the names that people and agents use. */
const effects: Record<string, string> = {
  slam: `${bubble}impact`,
  impact: `${bubble}impact`,
  loud: `${bubble}loud`,
  gentle: `${bubble}gentle`,
  invisibleink: `${bubble}invisibleink`,
  confetti: `${screen}ConfettiEffect`,
  laser: `${screen}LasersEffect`,
  lasers: `${screen}LasersEffect`,
  firework: `${screen}FireworksEffect`,
  fireworks: `${screen}FireworksEffect`,
  balloon: `${screen}HappyBirthdayEffect`,
  balloons: `${screen}HappyBirthdayEffect`,
  happybirthday: `${screen}HappyBirthdayEffect`,
  love: `${screen}HeartEffect`,
  heart: `${screen}HeartEffect`,
  echo: `${screen}EchoEffect`,
  spotlight: `${screen}SpotlightEffect`,
  celebration: `${screen}SparklesEffect`,
  sparkles: `${screen}SparklesEffect`,
  shootingstar: `${screen}ShootingStarEffect`,
};

/** Names of the effects on offer, one per effect, for error texts and tool descriptions. */
export const effectNames: readonly string[] = [
  ...new Map(Object.entries(effects).map(([name, id]) => [id, name])).values(),
];

/**
 * Finds the full id of an effect: an id is taken as it stands, a name in any case, with or without spaces, dashes and
 * underscores.
 * @returns undefined for a name that is none
 */
export function effectFor(name: string): string | undefined {
  const trimmed = name.trim();
  if (trimmed.startsWith("com.apple.")) return trimmed;
  const key = trimmed.toLowerCase().replace(/[\s_-]/g, "");
  return Object.hasOwn(effects, key) ? effects[key] : undefined;
}

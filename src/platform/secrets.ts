/** Stands in for a secret. */
const mask = "…";
/** A shorter value is a word of other texts too, UTF-16 code units. */
const shortest = 8;

/** Names of fields, variables and options that hold secrets: `OPENAI_API_KEY`, `secret`, `x-auth-token`, `--password`. */
const secretName =
  /(?:key|token|secret|passw(?:or)?d|passphrase|credentials?|authorization|auth|cookie)(?:[_-]?\d+)?$/i;

const named =
  /(token|password|passwd|passphrase|secret|api[_-]?key|authorization)["']?\s*[:=]\s*(?:(?:bearer|basic)\s+)?\S+/gi;

/** What shows by its form that it is a key: of model providers, GitHub, GitLab, Slack, AWS and Google, bearers and JWTs. */
const keyForms = new RegExp(
  [
    "\\bsk-[\\w-]{8,}",
    "\\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeprs]-)[\\w-]{8,}",
    "\\b(?:AKIA|ASIA)[0-9A-Z]{16}\\b",
    "\\bAIza[\\w-]{30,}",
    "\\beyJ[\\w-]{8,}\\.[\\w-]+\\.[\\w-]*",
    "(?<=\\bbearer\\s)[\\w.~+/=-]{8,}",
    "(?<=://)[^/@\\s]{1,200}(?=@)",
  ].join("|"),
  "gi",
);

/**
 * Takes secrets out of a text that is kept, logged or told: those that are known, those that are named as such
 * (`api_key=…`), and those that show by their form.
 * @param known values that are secret, as {@link secretsIn} finds them
 */
export function maskSecrets(text: string, known: readonly string[] = []): string {
  const without = known.reduce((rest, secret) => rest.replaceAll(secret, mask), text);
  return without.replace(named, `$1=${mask}`).replace(keyForms, mask);
}

/**
 * Finds the secrets of an environment or a configuration by the names of their fields.
 * @returns longest first, so that one which holds another goes whole
 */
export function secretsIn(...values: unknown[]): string[] {
  const found = new Set<string>();
  for (const value of values) collect(value, false, found);
  return [...found].sort((a, b) => b.length - a.length);
}

function collect(value: unknown, isSecret: boolean, found: Set<string>): void {
  if (typeof value === "string") {
    // Of `Bearer abc` the second word alone is repeated by programs.
    if (isSecret)
      for (const word of [value, ...value.split(/\s+/)]) if (word.length >= shortest) found.add(word);
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) collect(item, isSecret || isOption(value[index - 1]), found);
  } else if (typeof value === "object" && value !== null)
    for (const [name, inner] of Object.entries(value)) collect(inner, secretName.test(name), found);
}

/** `--token` says that the argument after it is one. */
function isOption(argument: unknown): boolean {
  return typeof argument === "string" && argument.startsWith("-") && secretName.test(argument);
}

/**
 * Makes a mask for the secrets of values of which each may be replaced by another, as a configuration is.
 * @param values asked with each text; they are searched again when one is another object than before
 */
export function secretMask(values: () => readonly unknown[]): (text: string) => string {
  let searched: readonly unknown[] = [];
  let known: string[] = [];
  return (text) => {
    const now = values();
    if (now.some((value, index) => value !== searched[index])) {
      known = secretsIn(...now);
      searched = now;
    }
    return maskSecrets(text, known);
  };
}

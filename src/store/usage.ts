/** What a model was asked to read and write, in tokens. */
export interface Usage {
  model: string;
  inputTokens: number;
  outputTokens: number;
  /** Part of `inputTokens` that came from the provider's cache. */
  cachedInputTokens: number;
}

/** Adds up what was used, one entry per model, in the order in which the models first appear. */
export function sumUsage(parts: readonly Usage[]): Usage[] {
  const byModel = new Map<string, Usage>();
  for (const part of parts) {
    const sum = byModel.get(part.model);
    if (!sum) {
      byModel.set(part.model, { ...part });
      continue;
    }
    sum.inputTokens += part.inputTokens;
    sum.outputTokens += part.outputTokens;
    sum.cachedInputTokens += part.cachedInputTokens;
  }
  return [...byModel.values()];
}

import { formatTarget } from "../../conversation/index.js";
import type { Story } from "../kit/stories.js";

/** A story as another language reads it; null where the gateway has not seen the message. */
export function storyFacts(story: Story | undefined): object | null {
  if (story === undefined) return null;
  const { entry, turn, replies } = story;
  const { decision } = entry;
  return {
    state: entry.state,
    decision: decision?.kind ?? null,
    reason: decision && "reason" in decision ? decision.reason : null,
    remedy: decision && "remedy" in decision ? decision.remedy : null,
    gates: decision?.gates ?? [],
    turn: turn
      ? {
          id: turn.id,
          agent: turn.agentId,
          state: turn.state,
          attempt: turn.attempt,
          error: turn.error ?? null,
        }
      : null,
    replies: replies.map(({ text, file, target, state, guid, error }) => ({
      text: text ?? null,
      file: file ?? null,
      target: formatTarget(target),
      state,
      guid: guid ?? null,
      error: error ?? null,
    })),
  };
}

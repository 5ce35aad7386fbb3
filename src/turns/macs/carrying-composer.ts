import type { FilesInStore } from "../../outbound/index.js";
import type { Turn, TurnEnd } from "../../store/index.js";
import type { Composed, KeptBlock, ReplyBlock } from "../running/answer.js";
import type { Streaming } from "../running/bubbles.js";
import type { Composing, ReplyComposer } from "../running/parts.js";

/** Puts the files of answers into the store: whoever sends them may be on another machine. */
export class CarryingComposer implements ReplyComposer {
  constructor(
    private readonly composer: ReplyComposer,
    private readonly files: Pick<FilesInStore, "carry">,
  ) {}

  streaming(turn: Turn): Streaming {
    return this.composer.streaming(turn);
  }

  keep(turn: Turn, block: ReplyBlock, before: number): Promise<KeptBlock> {
    return this.composer.keep(turn, block, before);
  }

  async compose(turn: Turn, blocks: ReplyBlock[], how: Composing): Promise<Composed> {
    const composed = await this.composer.compose(turn, blocks, how);
    return { ...composed, messages: await this.files.carry(composed.messages, turn.id) };
  }

  notesFor(turn: Turn): string[] {
    return this.composer.notesFor(turn);
  }

  hold(turn: Turn, end: TurnEnd): Promise<TurnEnd> {
    return this.composer.hold(turn, end);
  }
}

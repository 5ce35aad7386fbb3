import * as z from "zod";
import { about, onceUsed, text } from "./fields.js";

const command = (what: string) =>
  onceUsed(() =>
    z.strictObject({
      command: text().apply(about, "The program; `~` is your home folder. It is started without a shell."),
      args: z
        .array(z.string())
        .default([])
        .apply(
          about,
          "Its arguments; `{file}` in one stands for the file, which comes last where no one has it.",
        ),
    }),
  )
    .optional()
    .apply(about, what);

/** The top-level block `voice`: what is said in recordings, and answers that are spoken (behaviour 18.6). */
export const voiceBlock = z
  .strictObject({
    transcribe: command("A program that writes to stdout what is said in the recording that it is given."),
    speak: command(
      "A program that reads a text from stdin and writes it, spoken, into the file that it is given.",
    ),
    answer: z
      .enum(["text", "mirror"])
      .default("text")
      .apply(about, "`mirror` answers a recording by a recording, where `speak` and Messages can."),
  })
  .refine(({ answer, speak }) => answer === "text" || speak !== undefined, {
    path: ["answer"],
    message: '"mirror" needs voice.speak',
  })
  .prefault({})
  .apply(about, "Recordings: the words that are said in them, and answers by voice.");

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAnswer } from "./read-answer.js";

const shown = new Set(["What is the plan?", 'Mia loved "On my way"']);
const read = (text: string) => readAnswer(text, shown);
const said = (text: string) => read(text).text;

describe("readAnswer", () => {
  it("hears nothing in the word for silence, whatever stands around it", () => {
    const forms = [
      "NO_REPLY",
      "no_reply",
      "No_Reply.",
      " NO_REPLY\n",
      "**NO_REPLY**",
      "`NO_REPLY`",
      '"NO_REPLY"!',
    ];
    for (const form of [
      ...forms,
      "(NO_REPLY)",
      "```\nNO_REPLY\n```",
      "NO\\_REPLY",
      "_NO_REPLY_",
      "“NO_REPLY.”",
      "<NO_REPLY>",
    ])
      expect(said(form), form).toBe("");
    expect(said("Done.\n\nNO_REPLY")).toBe("Done.");
    for (const sentence of [
      "NO_REPLY means nothing",
      "Say NO_REPLY.",
      "NO_REPLYS",
      "no reply",
      "NO_REPLY 👍",
    ])
      expect(said(sentence)).toBe(sentence);
  });

  it("takes thoughts out", () => {
    const cases: [string, string][] = [
      ["<think>hm</think>Hello", "Hello"],
      ["<think>\nhm\n\n```\n</x>\n```\n</think>\n\nHello\n", "Hello"],
      ["<Thinking>hm</THINKING> Hello", "Hello"],
      ["<think>a<think>b</think>c</think>d", "d"],
      ["<think>what does <think> do?</think>It thinks.", "It thinks."],
      ["<think>never ended", ""],
      ["<thinking>a</thinking>\nb", "b"],
      ["[THINK]a[/THINK]b", "b"],
      ["◁think▷a◁/think▷b", "b"],
      ["<|channel>thought\na<channel|>b", "b"],
      ["First.\n<think>hm</think>\nSecond.", "First.\nSecond."],
      ["So it is Tuesday.\n</think>\n\nOn Tuesday.", "On Tuesday."],
      ["So it is Tuesday.</think>\nOn Tuesday.", "On Tuesday."],
      ["<think></think><think>b</think>", ""],
    ];
    for (const [text, words] of cases) expect(said(text), text).toBe(words);
  });

  it("goes on with a thought that the block before left open", () => {
    expect(read("<think>let me look").thinking).toBe(true);
    expect(readAnswer("found it </think> Here it is.", shown, true)).toMatchObject({
      text: "Here it is.",
      thinking: false,
    });
    expect(readAnswer("Here it is.", shown, true).text).toBe("Here it is.");
  });

  it("hears the final channel alone", () => {
    const analysis = "<|channel|>analysis<|message|>They greet.<|end|>";
    const cases: [string, string][] = [
      [`${analysis}<|start|>assistant<|channel|>final<|message|>Hello!<|return|>`, "Hello!"],
      ["They greet.<|end|><|start|>assistant<|channel|>final<|message|>Hello!", "Hello!"],
      [`<|start|>assistant${analysis}`, ""],
      ['<|channel|>commentary to=functions.send <|constrain|>json<|message|>{"a":1}<|call|>', ""],
      ["<|channel|>final <|constrain|>json<|message|>{}<|end|>", "{}"],
      ["<|start|>assistant<|message|>Hello<|end|>", "Hello"],
      ["<|message|>Hello", "Hello"],
      ["analysisThe user greets.assistantfinalHello", "Hello"],
      ["Hello<|im_end|>\n", "Hello"],
    ];
    for (const [text, words] of cases) expect(said(text), text).toBe(words);
  });

  it("takes the frames of tools out", () => {
    const cases: [string, string][] = [
      ['<tool_call>\n{"name":"x"}\n</tool_call>\nDone.', "Done."],
      ['Let me see.\n\n<tool_call>{"name":"x"}', "Let me see."],
      ['<function_calls><invoke name="a"><parameter name="b">c</parameter></invoke></function_calls>', ""],
      ["Here:\n<tool_result>\n42\n</tool_result>\n\nIt is 42.", "Here:\nIt is 42."],
      ["<function=send>{}</function>Sent.", "Sent."],
      ['[TOOL_CALLS][{"name":"x"}]', ""],
      ["<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>x<｜tool▁call▁end｜><｜tool▁calls▁end｜>Done", "Done"],
    ];
    for (const [text, words] of cases) expect(said(text), text).toBe(words);
  });

  it("takes the frame of a shown message out, and what is framed as an answer out of its frame", () => {
    const frame = (text: string) =>
      `<message from="Mia Wong (+15550100123)" at="2026-05-09T06:14Z" id="7k">\n${text}\n</message>`;
    expect(said(`${frame("What is the plan?")}\nSwimming.`)).toBe("Swimming.");
    expect(said(frame("What is the plan?"))).toBe("");
    expect(said(frame('[Replying to Sam: "Hi"]\nWhat is the plan?'))).toBe("");
    expect(said(frame("Swimming."))).toBe("Swimming.");
    expect(said(frame("NO_REPLY"))).toBe("");
    expect(said(frame("Swimming.").replace("\n</message>", ""))).toBe("Swimming.");
    expect(said(`<earlier from="Sam" at="x">\nHi\n</earlier>\nHello`)).toBe("Hello");
    expect(said('<note>\nMia loved "On my way"\n</note>\nGlad!')).toBe("Glad!");
    expect(said('[Replying to Mia: "What is the plan?"]\nSwimming.')).toBe("Swimming.");
    expect(said("[Attachment a.png, image/png, 12 bytes, /Users/m/a.png]\nA cat.")).toBe("A cat.");
    for (const own of [
      "<note>\n<to>Tove</to>\n</note>",
      "<message>hi</message>",
      "Reply to <message from> it",
    ])
      expect(said(own)).toBe(own);
  });

  it("reads files and threads", () => {
    expect(read("Here you are:\nMEDIA:/tmp/a b.png")).toMatchObject({
      text: "Here you are:",
      media: ["/tmp/a b.png"],
    });
    for (const line of ["MEDIA: chart.png", "MEDIA:`chart.png`", '  MEDIA:"chart.png"', "`MEDIA:chart.png`"])
      expect(read(line)).toMatchObject({ text: "", media: ["chart.png"] });
    expect(read("MEDIA:file:///tmp/a%20b.png").media).toEqual(["/tmp/a b.png"]);
    expect(read("MEDIA:https://example.com/a.png")).toMatchObject({
      text: "https://example.com/a.png",
      media: [],
    });
    for (const text of [
      "MEDIA: the press",
      "Media:/tmp/a.png",
      "See MEDIA:/tmp/a.png",
      "```\nMEDIA:/tmp/a.png\n```",
    ])
      expect(read(text)).toMatchObject({ text, media: [] });
    expect(read("[[reply_to_current]] Yes.")).toMatchObject({ text: "Yes.", replyTo: {} });
    expect(read("[[reply_to:7k]]\nYes.")).toMatchObject({ text: "Yes.", replyTo: { id: "7k" } });
    expect(read("Yes. [[ Reply_To_Current ]]")).toMatchObject({ text: "Yes.", replyTo: {} });
    for (const text of ["`[[reply_to_current]]`", "[[reply]] a", "```\n[[reply_to_current]]\n```"])
      expect(read(text)).toEqual({ text, media: [], thinking: false });
  });

  it("leaves code as it is", () => {
    const inner = '<think>a</think>\n<tool_call>{}</tool_call>\nNO_REPLY\n<message from="x">\ny\n</message>';
    for (const code of [
      `\`\`\`xml\n${inner}\n\`\`\``,
      `Look:\n~~~\n${inner}`,
      "Use `<think>` and `</think>` for it",
    ])
      expect(said(code)).toBe(code);
  });

  it("leaves every text without a mark as it is", () => {
    const words = fc.constantFrom(
      "a",
      " ",
      "\n",
      "\r\n",
      "<",
      ">",
      "[",
      "]",
      "`",
      "```",
      "~~~",
      "*",
      "_",
      "no",
      "MEDIA",
      ":",
      "/",
      "|",
      "💥",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: "binary" }),
          fc.array(words).map((all) => all.join("")),
        ),
        (text) => {
          fc.pre(!/media:|reply|<\||channel|think/i.test(text));
          expect(read(text)).toEqual({ text, media: [], thinking: false });
        },
      ),
    );
  });

  it("gives out no thought, whatever stands around it", () => {
    const parts = fc.constantFrom(
      "<think>",
      "secret",
      "</think>",
      "\n",
      "said",
      "```",
      "<tool_call>",
      "</tool_call>",
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 8 }), (rest) => {
        const text = `<think>secret</think>said${rest.filter((part) => part !== "secret").join("")}`;
        expect(said(text)).not.toContain("secret");
      }),
    );
  });

  it("looks for an end that is not there only once", () => {
    let read = 0;
    const exec = RegExp.prototype.exec;
    RegExp.prototype.exec = function (text: string) {
      const from = this.global ? this.lastIndex : 0;
      const found = exec.call(this, text);
      if (this.global) read += (found ? this.lastIndex : text.length) - from;
      return found;
    };
    try {
      for (const unit of [
        "x\n<think>\n",
        "x\n<tool_call>\n",
        "MEDIA:/x\n",
        "[[reply_to:",
        '<message from="x">\n',
        "</think ",
        "<think></think>x\n",
      ]) {
        read = 0;
        const text = unit.repeat(Math.ceil(20_000 / unit.length));
        said(text);
        expect(read, unit).toBeLessThan(10 * text.length);
      }
    } finally {
      RegExp.prototype.exec = exec;
    }
  });
});

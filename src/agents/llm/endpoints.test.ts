import { expect, it } from "vitest";
import { endpointOf } from "./endpoints.js";

const house = { baseUrl: "http://127.0.0.1:1/v1" };
const env = { ANTHROPIC_API_KEY: "k", OPENAI_API_KEY: "k", OPENROUTER_API_KEY: "k" };
const takesPictures = (ref: string, images: Record<string, boolean> = {}) =>
  endpointOf(ref, { house, openrouter: { images }, ollama: { images } }, env).images;

it.each([
  ["anthropic/claude-sonnet-4-5", true],
  ["openai/gpt-5", true],
  ["openrouter/google/gemini-2.5-pro", true],
  ["ollama/qwen2.5vl:7b", true],
  ["house/Qwen/Qwen2.5-VL-7B-Instruct", true],
  ["house/google/gemma-3-12b", true],
  ["ollama/gemma3:12b", true],
  ["ollama/llama3.2", false],
  ["openrouter/openrouter/auto", true],
  ["openrouter/some/auto", false],
  ["house/constructor", false],
])("judges by the name whether a model takes pictures: %s", (ref, images) => {
  expect(takesPictures(ref)).toBe(images);
});

it("is told of a model by models.providers, and of no other by that", () => {
  const images = { "openai/gpt-5-mini": true, "google/gemini-2.5-pro": false };
  expect(takesPictures("openrouter/openai/gpt-5-mini", images)).toBe(true);
  expect(takesPictures("openrouter/google/gemini-2.5-pro", images)).toBe(false);
  expect(takesPictures("openrouter/openai/gpt-5", images)).toBe(false);
  expect(takesPictures("house/openai/gpt-5-mini", images)).toBe(false);
});

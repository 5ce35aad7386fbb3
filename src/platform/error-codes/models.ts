import type { ErrorTexts } from "./error-text.js";

/** Errors of models and their providers. */
export const modelErrors = {
  MODEL_UNKNOWN: {
    happened: "The model, or its provider, is not known.",
    remedy: "Check the model's name; local servers need it to be loaded.",
  },
  MODEL_KEY: {
    happened: "The provider's key is missing or was refused.",
    remedy: "Check the key of this provider in the environment or in models.providers.",
  },
  MODEL_QUOTA: {
    happened: "The provider has no quota left for this account.",
    remedy: "Look at the account's billing, or name another model.",
  },
  MODEL_OVERLOADED: {
    happened: "The provider is overloaded or limits the rate.",
    remedy: "It passes by itself; fallback models bridge it.",
  },
  MODEL_CONTEXT: {
    happened: "The conversation is longer than the model takes.",
    remedy: "Lower the runtime's contextMessages, or /new begins afresh.",
  },
  MODEL_REQUEST: {
    happened: "The provider refused the request.",
    remedy: "The provider's words are in the log.",
  },
  MODEL_FAILED: {
    happened: "The provider failed.",
    remedy: "The provider's words are in the log.",
  },
  MODEL_CUT: {
    happened: "The model's answer broke off in the middle.",
    remedy: "Check what stands between: a proxy's time limit, or a local server that ran out of memory.",
  },
  MODEL_STALLED: {
    happened: "The model began to answer and then said nothing more.",
    remedy: "Check that a local server still works; fallback models bridge it.",
  },
  MODEL_OUTPUT: {
    happened: "The model wrote without end, or its output was used up before it said anything.",
    remedy: "Write the message again, raise the runtime's maxOutputTokens, or name another model.",
  },
  MODEL_EMPTY: {
    happened: "The model gave no answer, or only called tools until its rounds were over.",
    remedy:
      "Write the message again; where it happens often, raise the runtime's maxSteps or name another model.",
  },
  MODEL_NETWORK: {
    happened: "The provider cannot be reached, or the connection broke.",
    remedy: "Check the network, and that a local server runs.",
  },
} satisfies ErrorTexts;

import { accountIds } from "../../accounts.js";
import { resolveAgents } from "../../agents.js";
import { normalizeId } from "../../ids.js";
import type { ConfigPath } from "../../path.js";
import { addressProblem } from "../../schema/addresses.js";
import type { Config } from "../../schema/config.js";
import { builtInProviders } from "../../schema/providers.js";
import { nearest } from "../near.js";
import type { Rule, RuleFinding } from "../rule.js";
import { writtenSettings } from "./access.js";

const listPath: ConfigPath = ["agents", "list"];

/** Ids of agents have to differ in normal form, and at most one is the default. */
export const agentIdsDiffer: Rule = function* (config) {
  const seen = new Map<string, number>();
  for (const [index, { id }] of config.agents.list.entries()) {
    const other = seen.get(normalizeId(id));
    seen.set(normalizeId(id), index);
    if (other === undefined) continue;
    yield {
      severity: "error",
      path: [...listPath, index, "id"],
      message: `agents ${other} and ${index} have the same id, "${normalizeId(id)}"`,
      expected: "ids that differ in letters or digits",
    };
  }
  const defaults = config.agents.list.flatMap((entry, index) => (entry.default ? [index] : []));
  for (const index of defaults.slice(1))
    yield {
      severity: "warning",
      path: [...listPath, index, "default"],
      message: `agent ${defaults[0]} is the default already; the first of them counts`,
    };
};

/** A binding or group that names an agent that is not there would quietly go to another one (behaviour 5.2). */
export const agentsExist: Rule = function* (config) {
  const ids = resolveAgents(config).map(({ id }) => id);
  const missing = (agentId: string, path: ConfigPath): RuleFinding[] => {
    if (ids.includes(normalizeId(agentId))) return [];
    const suggestion = nearest(agentId, ids);
    return [
      {
        severity: "error",
        path,
        because: [listPath],
        message: `there is no agent "${agentId}"`,
        expected: `one of ${ids.join(", ")}`,
        ...(suggestion === undefined ? {} : { suggestion: JSON.stringify(suggestion) }),
      },
    ];
  };
  for (const [index, { agentId }] of config.bindings.entries())
    yield* missing(agentId, ["bindings", index, "agentId"]);
  for (const [name, { agentId }] of Object.entries(config.accessGroups))
    if (agentId !== undefined) yield* missing(agentId, ["accessGroups", name, "agentId"]);
  for (const { settings, path } of writtenSettings(config)) {
    for (const [key, { agentId }] of Object.entries(settings.groups ?? {}))
      if (agentId !== undefined) yield* missing(agentId, [...path, "groups", key, "agentId"]);
  }
};

/** What a binding matches has to be something that can occur. */
export const bindingsCanMatch: Rule = function* (config) {
  const accounts = accountIds(config);
  for (const [index, { type, match, acp }] of config.bindings.entries()) {
    const at = (...rest: string[]): ConfigPath => ["bindings", index, ...rest];
    if (type !== "acp" && acp !== undefined)
      yield {
        severity: "error",
        path: at("acp"),
        atKey: true,
        message: "settings of a session are for bindings of type acp",
        expected: 'type: "acp" in this binding',
      };
    const { accountId, peer } = match;
    if (
      accountId !== undefined &&
      accountId !== "*" &&
      accounts.length > 0 &&
      !accounts.includes(normalizeId(accountId))
    )
      yield {
        severity: "warning",
        path: at("match", "accountId"),
        because: [["channels", "imessage"]],
        message: `there is no account "${accountId}": this binding never matches`,
        expected: `one of ${accounts.join(", ")}, or "*"`,
        ...suggested(nearest(accountId, accounts)),
      };
    if (peer === undefined || peer.id.trim() === "*") continue;
    const problem = addressProblem(peer.id) ?? (peer.kind === "group" ? groupProblem(peer.id) : undefined);
    if (problem === undefined) continue;
    const digits = /^\s*(\d+)\s*$/.exec(peer.id)?.[1];
    yield {
      severity: "error",
      path: at("match", "peer", "id"),
      message: problem,
      expected: 'a handle, a chat_id:, chat_guid: or chat_identifier: target, or "*"',
      ...suggested(peer.kind === "group" && digits !== undefined ? `chat_id:${digits}` : undefined),
    };
  }
};

const suggested = (value: string | undefined) =>
  value === undefined ? {} : { suggestion: JSON.stringify(value) };

function groupProblem(id: string): string | undefined {
  return /^\s*chat_(id|guid|identifier):/i.test(id)
    ? undefined
    : "a group is named by its chat, not by a handle";
}

/** An agent over a model needs one that can be reached. */
export const modelsCanBeReached: Rule = function* (config) {
  const { list, defaults } = config.agents;
  if (defaults.model !== undefined)
    yield* checkModel(config, defaults.model, ["agents", "defaults", "model"]);
  for (const [index, entry] of list.entries()) {
    const at = (...rest: string[]): ConfigPath => [...listPath, index, ...rest];
    if (entry.model !== undefined) yield* checkModel(config, entry.model, at("model"));
    if (entry.runtime?.type !== "llm") continue;
    const { model } = entry.runtime;
    if (model !== undefined) yield* checkModel(config, model, at("runtime", "model"));
    if (model === undefined && entry.model === undefined && defaults.model === undefined)
      yield {
        severity: "error",
        path: at("runtime"),
        because: [at("model"), ["agents", "defaults", "model"]],
        message: 'the runtime "llm" needs a model',
        expected: "model here, in the agent, or in agents.defaults",
      };
  }
  for (const [name, provider] of Object.entries(config.models.providers)) {
    if (provider.baseUrl !== undefined || Object.hasOwn(builtInProviders, name)) continue;
    yield {
      severity: "error",
      path: ["models", "providers", name],
      atKey: true,
      message: `"${name}" is not a provider that is known by itself, so its address is needed`,
      expected: "baseUrl",
      ...(nearest(name, Object.keys(builtInProviders)) === undefined
        ? {}
        : { suggestion: nearest(name, Object.keys(builtInProviders))! }),
    };
  }
};

function checkModel(config: Config, model: string, path: ConfigPath): RuleFinding[] {
  const providers = [...new Set([...Object.keys(config.models.providers), ...Object.keys(builtInProviders)])];
  const [provider = "", name = ""] = model.split(/\/(.*)/s);
  if (name !== "" && providers.includes(provider)) return [];
  const near = name === "" ? undefined : nearest(provider, providers);
  return [
    {
      severity: "error",
      path,
      because: [["models", "providers"]],
      message: name === "" ? "a model is written with its provider" : `there is no provider "${provider}"`,
      expected: `provider/model, with the provider one of ${providers.join(", ")}`,
      ...suggested(near === undefined ? undefined : `${near}/${name}`),
    },
  ];
}

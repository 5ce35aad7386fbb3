import type { Store } from "../../src/store/index.js";

/** Calls of a store that a test takes over; every other one is the store's own. */
export type Instead = { [Part in keyof Store]?: Partial<Store[Part]> };

/** A store with some calls replaced. */
export function storeWith(store: Store, instead: Instead): Store {
  return over(store, (part) => {
    const own = instead[part as keyof Store];
    return own && over(Reflect.get(store, part) as object, (call) => Reflect.get(own, call));
  });
}

function over<T extends object>(whole: T, instead: (name: string | symbol) => unknown): T {
  return new Proxy(whole, {
    get: (target, name) => {
      const value = instead(name) ?? Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

import { createRequire } from "node:module";

/** Packages that are loaded late, each with what is used of it: `packages/NAME.ts` names that for the build. */
interface LatePackages {
  "@photostructure/sqlite": typeof import("./packages/@photostructure/sqlite.js");
  croner: typeof import("./packages/croner.js");
  "libphonenumber-js/min": typeof import("./packages/libphonenumber-js/min.js");
  "mdast-util-from-markdown": typeof import("./packages/mdast-util-from-markdown.js");
  "mdast-util-gfm": typeof import("./packages/mdast-util-gfm.js");
  "micromark-extension-gfm": typeof import("./packages/micromark-extension-gfm.js");
  pino: typeof import("./packages/pino.js");
  re2js: typeof import("./packages/re2js.js");
}

/** The folder of the bundled packages beside the built files; not defined where the source itself runs. */
declare const __PACKAGES__: string;

const require = createRequire(import.meta.url);

/**
 * Loads a package at its first use, in code that cannot wait for an `import()`. The build makes one file of each, so
 * that nothing has to be installed beside Tapback; code that runs from source finds the package itself.
 */
export function loadPackage<Name extends keyof LatePackages>(name: Name): LatePackages[Name] {
  return require(
    typeof __PACKAGES__ === "undefined" ? name : `${__PACKAGES__}/${name}.cjs`,
  ) as LatePackages[Name];
}

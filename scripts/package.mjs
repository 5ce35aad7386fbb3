// `npm run package`: builds and packs. By hand and not as a `prepack`, because `.npmrc` lets npm run no scripts by itself.
import { install, root, run } from "./build.mjs";

install();
// With the declarations, which a build of `npm start` goes without.
run("npm", ["run", "build"]);
run("npm", ["pack", "--loglevel=error", "--pack-destination", process.argv[2] ?? root]);

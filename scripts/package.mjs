// `npm run package`: builds and packs. By hand and not as a `prepack`, because `.npmrc` lets npm run no scripts by itself.
import { build, install, root, run } from "./build.mjs";

install();
build();
run("npm", ["pack", "--loglevel=error", "--pack-destination", process.argv[2] ?? root]);

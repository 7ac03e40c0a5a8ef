import { createRequire } from "node:module";

// One project for all of them: RECIPE names the one to run.
createRequire(__filename)(`./${process.env.RECIPE ?? ""}`);

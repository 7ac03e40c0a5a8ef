import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

// Random tests are to be the same for each mutant, and shorter: what they find here, they find soon.
process.env.FC_SEED = "1";
process.env.FC_FACTOR = "0.1";

/** It runs the CLI, reads the built bundle or the sources, in which mutants are, or takes long and finds no mutant by itself. */
const isLeftOut = (file) =>
  ["policypack/fuzz", "policypack/adapters/roads", "policypack/lib/regular-expressions"].includes(file.slice(0, -8)) ||
  /harness\/engine"|needs-engine"|bench\/packs"/.test(readFileSync(join("test", file), "utf8"));

const found = readdirSync("test", { recursive: true }).filter((file) =>
  /^policypack\/.*\.test\.ts$|\.unit\.test\.ts$/.test(file),
);
const tests = found.filter((file) => !isLeftOut(file)).map((file) => join("test", file));

/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  mutate: ["policypack/**/*.ts"],
  plugins: ["./test/mutation/mocha-runner.mjs"],
  testRunner: "mocha",
  mocha: {
    require: ["tsx/cjs", "./test/harness/css.cjs", "./test/harness/in-process.ts"],
    files: tests,
    // They measure how time grows, which is another matter where every line counts its visits.
    leaveOut: ["10 000 resources", "a time that grows", "deep, long or made of itself"],
  },
  coverageAnalysis: "perTest",
  disableTypeChecks: false,
  ignoreStatic: true,
  incremental: true,
  incrementalFile: ".cache/mutation/incremental.json",
  concurrency: 2,
  timeoutMS: 120_000,
  timeoutFactor: 4,
  dryRunTimeoutMinutes: 20,
  reporters: ["progress-append-only", "clear-text", "json"],
  clearTextReporter: { logTests: false, reportTests: false, allowColor: false },
  jsonReporter: { fileName: ".cache/mutation/report.json" },
  tempDirName: ".cache/stryker",
  ignorePatterns: ["/.cache", "/test/python"],
  thresholds: { high: 100, low: 95, break: 95 },
};

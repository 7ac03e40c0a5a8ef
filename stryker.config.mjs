import { readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

// Random tests are to be the same for each mutant, and shorter: what they find here, they find soon.
process.env.FC_SEED = "1";
process.env.FC_FACTOR = "0.1";

/** They run the CLI, read the built bundle, or take a minute. */
const LEFT_OUT = ["bundle.test.ts", "fuzz.test.ts", "verdicts.test.ts", "doors.test.ts", "lifecycle.test.ts"];

/** The quick ones first: a mutant is done for at the first test that fails. */
const SLOW = [
  "pack.test.ts",
  "property.test.ts",
  "policies/s3-no-public-bucket-policy/rule.property.test.ts",
];

/** What the pack tells of itself, which is most of what runs once, when a module is loaded. */
const FIRST = ["info.test.ts", "../docs/policies.test.ts"];

const found = readdirSync("test/policypack", { recursive: true }).filter((file) => file.endsWith(".test.ts"));
const quick = found.filter((file) => ![...LEFT_OUT, ...SLOW, ...FIRST].includes(file)).sort();
const tests = [...FIRST, ...quick, ...SLOW].map((file) => join("test/policypack", file));

/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  mutate: ["policypack/**/*.ts"],
  plugins: ["./test/mutation/mocha-runner.mjs"],
  testRunner: "mocha",
  mocha: {
    require: ["tsx/cjs", "./harness/in-process.ts"],
    files: tests,
    leaveOut: "10 000 resources",
  },
  coverageAnalysis: "perTest",
  concurrency: 2,
  timeoutMS: 30_000,
  reporters: ["progress-append-only", "clear-text", "html", "json"],
  clearTextReporter: { logTests: false, allowColor: false },
  htmlReporter: { fileName: ".cache/mutation/report.html" },
  jsonReporter: { fileName: ".cache/mutation/report.json" },
  tempDirName: ".cache/stryker",
  ignorePatterns: ["/.cache", "/dist", "/harness/cloud", "/test/python"],
  thresholds: { high: 100, low: 95, break: 95 },
};

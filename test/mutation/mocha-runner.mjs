/*
 * Mocha for StrykerJS. Its own runner (@stryker-mutator/mocha-runner, 9.6 and 10.0) looks into folders of mocha that mocha
 * 12 has no longer; this one needs mocha's public interface only.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { INSTRUMENTER_CONSTANTS } from "@stryker-mutator/api/core";
import {
  DryRunStatus,
  TestStatus,
  determineHitLimitReached,
  toMutantRunResult,
} from "@stryker-mutator/api/test-runner";
import Mocha from "mocha";

const require = createRequire(resolve("package.json"));
const context = (globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {});

/** How long each suite took in the dry run, for every process of the run: they share their working directory. */
const TIMES = "mutation-times.json";

/** Milliseconds after which a test hangs: a promise that a mutant leaves open would else wait for Stryker's own limit. */
const HANGS = 60_000;

/** What became of each test of the last run. */
let results = [];

class Reporter {
  constructor(runner) {
    results = [];
    let started = Date.now();
    const add = (test, more) => {
      const name = (test.ctx?.currentTest ?? test).fullTitle();
      const timeSpentMs = Date.now() - started;
      results.push({ id: name, name, fileName: test.file, title: test.titlePath()[0], timeSpentMs, ...more });
      started = Date.now();
    };
    runner.on("pass", (test) => add(test, { status: TestStatus.Success }));
    runner.on("fail", (test, error) =>
      add(test, { status: TestStatus.Failed, failureMessage: error.message || String(error) }),
    );
  }
}

class MochaRunner {
  static inject = ["options"];

  constructor({ mocha }) {
    this.options = mocha;
  }

  /** Modules stay loaded, so that a mutant in what runs once, when a module is loaded, gets a process of its own. */
  capabilities() {
    return { reloadEnvironment: false };
  }

  async init() {
    for (const module of this.options.require) require(module.startsWith(".") ? resolve(module) : module);
    this.mocha = new Mocha({ reporter: Reporter, timeout: HANGS });
    this.mocha.cleanReferencesAfterRun(false);
    for (const file of this.options.files) this.mocha.addFile(resolve(file));
    const runner = this;
    this.mocha.suite.beforeEach(function () {
      if (runner.isCounting) context.currentTestId = this.currentTest?.fullTitle();
    });
    // What runs between two tests, such as a pack's start in a before hook, isn't a test's: all tests depend on it.
    this.mocha.suite.afterEach(() => {
      context.currentTestId = undefined;
    });
  }

  async dryRun({ coverageAnalysis, disableBail }) {
    this.isCounting = coverageAnalysis === "perTest";
    const result = await this.run(disableBail);
    this.isCounting = false;
    const times = {};
    for (const { title, timeSpentMs } of results) times[title] = (times[title] ?? 0) + timeSpentMs;
    writeFileSync(TIMES, JSON.stringify(times));
    return { ...result, mutantCoverage: context.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, disableBail, hitLimit, mutantActivation }) {
    context.hitLimit = hitLimit;
    context.hitCount = hitLimit ? 0 : undefined;
    const titles = testFilter?.map((title) => title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    this.mocha.grep(new RegExp(titles ? `^(${titles.join("|")})$` : ""));
    return toMutantRunResult(await this.run(disableBail, activeMutant.id, mutantActivation));
  }

  async run(disableBail, mutant, activation) {
    if (!this.isLoaded) {
      context.activeMutant = activation === "static" ? mutant : undefined;
      await this.mocha.loadFilesAsync();
      leaveOut(this.mocha.suite, this.options.leaveOut);
      this.isLoaded = true;
    }
    if (mutant !== undefined) quickFirst(this.mocha.suite, JSON.parse(readFileSync(TIMES, "utf8")));
    context.activeMutant = mutant;
    bail(this.mocha.suite, !disableBail);
    await new Promise((resolve) => this.mocha.run(resolve));
    return (
      determineHitLimitReached(context.hitCount, context.hitLimit) ?? { status: DryRunStatus.Complete, tests: results }
    );
  }

  dispose() {
    this.mocha?.dispose();
  }
}

function bail(suite, isOn) {
  suite.bail(isOn);
  for (const inner of suite.suites) bail(inner, isOn);
}

/** A mutant is done for at the first test that fails. */
function quickFirst(root, times) {
  root.suites.sort((one, other) => (times[one.title] ?? 0) - (times[other.title] ?? 0));
}

/** Takes out the tests that have one of the texts in their title, or in their suite's. */
function leaveOut(suite, texts) {
  suite.tests = suite.tests.filter((test) => !texts.some((text) => test.fullTitle().includes(text)));
  for (const inner of suite.suites) leaveOut(inner, texts);
}

export const strykerValidationSchema = { properties: { mocha: { type: "object" } } };
export const strykerPlugins = [{ kind: "TestRunner", name: "mocha", injectableClass: MochaRunner }];

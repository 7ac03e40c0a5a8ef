/*
 * Mocha for StrykerJS. Its own runner (@stryker-mutator/mocha-runner, 9.6 and 10.0) looks into folders of mocha that mocha
 * 12 has no longer; this one needs mocha's public interface only.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { INSTRUMENTER_CONSTANTS } from "@stryker-mutator/api/core";
import {
  DryRunStatus,
  MutantRunStatus,
  TestStatus,
  determineHitLimitReached,
  toMutantRunResult,
} from "@stryker-mutator/api/test-runner";
import Mocha from "mocha";

const require = createRequire(resolve("package.json"));
const context = (globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {});

/** What every process of the run needs of the dry run: how long each test took, and the mutants that run as modules load. */
const SEEN = "mutation-dry-run.json";

/** Milliseconds after which a test hangs: a promise that a mutant leaves open would else wait for Stryker's own limit. */
const HANGS = 8000;

/** Milliseconds by a clock that no test sets: a time of years would be a limit of none, by which every mutant hangs. */
const clock = performance.now.bind(performance);

/** What became of each test of the last run. */
let results = [];

class Reporter {
  constructor(runner) {
    results = [];
    let started = clock();
    const add = (test, more) => {
      const name = (test.ctx?.currentTest ?? test).fullTitle();
      results.push({ id: name, name, fileName: test.file, timeSpentMs: clock() - started, ...more });
      started = clock();
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
    /** How many mutants of a file a test has killed. */
    this.kills = {};
  }

  /** Modules stay loaded from one mutant to the next. */
  capabilities() {
    return { reloadEnvironment: false };
  }

  async init() {
    for (const module of this.options.require) require(module.startsWith(".") ? resolve(module) : module);
    this.kept = new Set(Object.keys(require.cache));
  }

  async dryRun({ disableBail }) {
    const result = await this.run(disableBail);
    const times = Object.fromEntries(results.map(({ id, timeSpentMs }) => [id, timeSpentMs]));
    writeFileSync(SEEN, JSON.stringify({ times, atLoad: Object.keys(context.mutantCoverage.static) }));
    return { ...result, mutantCoverage: byTest(context.mutantCoverage, Object.keys(times)) };
  }

  /** A test that loaded a module before doesn't see what a mutant changes as it loads. What survives that has all tests loaded again. */
  async mutantRun(options) {
    const result = await this.tried(options);
    const { id } = options.activeMutant;
    if (result.status !== MutantRunStatus.Survived || !this.seen.atLoad.includes(id)) return result;
    this.mocha = undefined;
    const again = await this.tried({ ...options, testFilter: undefined, mutantActivation: "static" });
    this.mocha = undefined;
    return again;
  }

  async tried({ activeMutant, testFilter, disableBail, hitLimit, mutantActivation }) {
    context.hitLimit = hitLimit;
    context.hitCount = hitLimit ? 0 : undefined;
    const { id, fileName } = activeMutant;
    const kills = (this.kills[fileName] ??= {});
    this.seen ??= JSON.parse(readFileSync(SEEN, "utf8"));
    const wanted = testFilter && new Set(testFilter);
    const mutant = { id, kills, mutantActivation, isWanted: (title) => wanted?.has(title) ?? true };
    const result = toMutantRunResult(await this.run(disableBail, mutant));
    for (const test of result.killedBy ?? []) kills[test] = (kills[test] ?? 0) + 1;
    return result;
  }

  /** Without a mutant, counts which of them each test runs. */
  async run(disableBail, mutant) {
    if (this.mocha === undefined) {
      context.activeMutant = mutant?.mutantActivation === "static" ? mutant.id : undefined;
      for (const file of Object.keys(require.cache))
        if (!this.kept.has(file) && !file.includes("/node_modules/")) Reflect.deleteProperty(require.cache, file);
      this.mocha = new Mocha({ reporter: Reporter, timeout: HANGS });
      this.mocha.cleanReferencesAfterRun(false);
      for (const file of this.options.files) this.mocha.addFile(resolve(file));
      this.mocha.loadFiles();
      leaveOut(this.mocha.suite, this.options.leaveOut);
      if (mutant === undefined) count(this.mocha.suite);
    }
    if (mutant !== undefined) {
      this.mocha.grep({ test: mutant.isWanted });
      quickFirst(this.mocha.suite, this.seen.times, mutant.kills);
    }
    context.activeMutant = mutant?.id;
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

/** A mutant is done for at the first test that fails. The one that fails soonest is likely one that has before. */
function quickFirst(suite, times, kills) {
  for (const inner of suite.suites) quickFirst(inner, times, kills);
  for (const test of suite.tests) {
    const title = test.fullTitle();
    test.cost = (times[title] ?? 0) / (1 + 100 * (kills[title] ?? 0));
  }
  const byCost = (one, other) => one.cost - other.cost;
  suite.tests.sort(byCost);
  suite.suites.sort(byCost);
  suite.cost = Math.min(...suite.tests.map(({ cost }) => cost), ...suite.suites.map(({ cost }) => cost));
}

/** Takes out the tests that have one of the texts in their title, or in their suite's. */
function leaveOut(suite, texts) {
  suite.tests = suite.tests.filter((test) => !texts.some((text) => test.fullTitle().includes(text)));
  for (const inner of suite.suites) leaveOut(inner, texts);
}

const HOOKS = "\nhooks of ";

/** Has what runs in a test counted as the test's, and what runs in a hook before a suite, such as a pack's start, as the suite's. */
function count(root) {
  const ofSuite = (suite) => {
    suite.beforeAll(() => (context.currentTestId = HOOKS + suite.fullTitle()));
    suite._beforeAll.unshift(suite._beforeAll.pop());
    suite.afterAll(() => (context.currentTestId = undefined));
    for (const inner of suite.suites) ofSuite(inner);
  };
  for (const suite of root.suites) ofSuite(suite);
  root.beforeEach(function () {
    context.currentTestId = this.currentTest?.fullTitle();
  });
}

/** A pack that a hook starts loads its modules again: what runs then is as good as run by each test of the suite. */
function byTest({ static: atLoad, perTest }, titles) {
  const tests = {};
  for (const [name, mutants] of Object.entries(perTest)) {
    const suite = name.startsWith(HOOKS) ? `${name.slice(HOOKS.length)} ` : undefined;
    for (const title of suite === undefined ? [name] : titles.filter((each) => each.startsWith(suite)))
      tests[title] = { ...tests[title], ...mutants };
  }
  const seen = Object.assign({}, ...Object.values(tests));
  return { perTest: tests, static: Object.fromEntries(Object.entries(atLoad).filter(([id]) => !(id in seen))) };
}

export const strykerValidationSchema = { properties: { mocha: { type: "object" } } };
export const strykerPlugins = [{ kind: "TestRunner", name: "mocha", injectableClass: MochaRunner }];

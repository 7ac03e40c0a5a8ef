"use strict";
// Mocha's own report, and at its end the files that took longest.
const { relative } = require("node:path");
const { reporters } = require("mocha");

const MOST = 10;

module.exports = class Slowest extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    this.spent = new Map();
    for (const event of ["test end", "hook end"])
      runner.on(event, ({ file, duration = 0, parent }) => {
        const of = file ?? parent?.file ?? "?";
        this.spent.set(of, (this.spent.get(of) ?? 0) + duration);
      });
  }

  epilogue() {
    super.epilogue();
    const slowest = [...this.spent].sort(([, one], [, other]) => other - one).slice(0, MOST);
    const lines = slowest.map(([file, ms]) => `${(ms / 1000).toFixed(0).padStart(6)} s  ${relative("", file)}`);
    console.log(`  The slowest files:\n${lines.join("\n")}\n`);
  }
};

/** Lists what `npm run test:all` needs and this machine lacks, at once: each test alone would say so after half an hour. */
import { goForBuild } from "./engine/build";
import { run, runSync } from "./engine/command";
import { findPython } from "./python/environment";

const runs = (command: string, ...args: string[]): boolean => runSync(command, args).code === 0;

const NEEDS: [need: string, isThere: () => boolean | Promise<boolean>][] = [
  ["git", () => runs("git", "--version")],
  ["tar", () => runs("tar", "--version")],
  ["rsync, which gitlab-ci-local copies checkouts with", () => runs("rsync", "--version")],
  ["Python 3.10 or newer with venv, for moto and for programs in Python", () => findPython() !== undefined],
  [`Go ${goForBuild()} or newer, for act, actionlint, the host of YAML and the older CLI`, () => runs("go", "version")],
  ["javac 17 or newer and mvn, for programs in Java", () => runs("javac", "-version") && runs("mvn", "-version")],
  ["an npm registry, for package managers and other versions of Node.js", () => registryAnswers()],
];

async function registryAnswers(): Promise<boolean> {
  return (await run("npm", ["view", "pnpm", "version"], { limitMs: 60_000 })).code === 0;
}

async function main(): Promise<void> {
  const found = await Promise.all(NEEDS.map(async ([need, isThere]) => ({ need, isThere: await isThere() })));
  const missing = found.filter(({ isThere }) => !isThere).map(({ need }) => `  - ${need}`);
  if (missing.length === 0) return;
  console.error(["npm run test:all also needs:", ...missing, "npm test does without."].join("\n"));
  process.exitCode = 1;
}

void main();

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { readSteps } from "../../../cli/preview/output";
import { findRoots, type Roots } from "../../../cli/report/position";
import { report, type Finding } from "../../../cli/report/report";
import { applyEdits } from "../../../cli/source/edit";
import { withSource } from "../../../cli/source/with-source";
import { needsEngine } from "../../../harness/engine/needs-engine";
import { ROOT } from "../../../harness/engine/paths";
import { repository, type Repository } from "../preview/gate";

/** The findings of a preview, with the program's source read. */
export async function found({ root, stack }: Repository, env: NodeJS.ProcessEnv = {}): Promise<Finding[]> {
  const { stdout, stderr, events } = await stack.preview({
    packs: [ROOT],
    args: ["--json"],
    env: { PULUMI_DEBUG_COMMANDS: "true", ...env },
  });
  if (!stdout.startsWith("{")) throw new Error(stdout + stderr);
  const roots = findRoots(join(root, "infra")) as Roots;
  const steps = readSteps(stdout);
  return [...withSource(report({ steps, events }, 1, 1, "dev", roots), steps, roots).findings];
}

/** Makes every edit, and tells whether the program then passes. */
export async function passesMended(
  { root, stack }: Repository,
  findings: readonly Finding[],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const edits = findings.flatMap((finding) => finding.edits ?? []);
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const path = join(root, file);
    const own = edits.filter((edit) => edit.file === file);
    writeFileSync(path, applyEdits(readFileSync(path, "utf8"), own));
  }
  const { code, stdout, stderr } = await stack.preview({ packs: [ROOT], env });
  return code === 0 ? "passes" : stdout + stderr;
}

/** Each finding's place and resource. */
export function places(findings: readonly Finding[]): string[] {
  return findings.map(({ position, name }) =>
    position === undefined
      ? `- ${name}`
      : `${position.file}:${[position.line, position.column].join(":")} ${name}`,
  );
}

describe("the source of a TypeScript program", () => {
  needsEngine();
  let repo: Repository;
  afterEach(() => repo.remove());

  const programs: [string, string, string[]][] = [
    [
      "that awaits, compiled for an older JavaScript",
      "source-awaits",
      [
        "infra/index.ts:11:3 first",
        "infra/index.ts:13:18 second",
        "infra/index.ts:18:5 team-a",
        "infra/index.ts:18:5 team-b",
      ],
    ],
    [
      "whose functions have no names",
      "source-callbacks",
      [
        "infra/index.ts:6:3 each-a",
        "infra/index.ts:6:3 each-b",
        "infra/index.ts:10:3 at-once",
        "infra/index.ts:14:13 map-a",
        "infra/index.ts:14:13 map-b",
        "infra/index.ts:19:10 after-await",
      ],
    ],
    [
      "that is an ES module",
      "source-module",
      [
        "infra/index.ts:9:10 made",
        "infra/index.ts:13:16 open",
        "infra/index.ts:15:3 other",
        "infra/index.ts:20:1 top",
      ],
    ],
  ];
  for (const [title, program, expected] of programs) {
    it(`${title}, places each finding, and its edits mend it`, async () => {
      repo = await repository(program);
      const findings = await found(repo);
      expect(places(findings)).to.deep.equal(expected);
      expect(await passesMended(repo, findings)).to.equal("passes");
    });
  }
});

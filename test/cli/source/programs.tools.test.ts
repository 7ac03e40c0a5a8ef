import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { readEvent } from "../../../cli/preview/events";
import { readSteps } from "../../../cli/preview/output";
import { findRoots } from "../../../cli/report/position";
import { report } from "../../../cli/preview/verdict";
import type { Finding } from "../../../cli/report/report";
import { applyEdits } from "../../../cli/source/edit";
import { withSource } from "../../../cli/source/with-source";
import { needsEngine } from "../../../harness/engine/needs-engine";
import { CACHE, ROOT } from "../../../harness/engine/paths";
import { goBuild, languageHost, RUN_PYTHON, yamlHost } from "../../../harness/languages";
import { environment } from "../../../harness/python/environment";
import { describeWithPython, say } from "../../../harness/python/needs-python";
import { repository, type Repository } from "../preview/gate";

/** The findings of a preview, with the program's source read. */
async function found({ root, stack }: Repository, env: NodeJS.ProcessEnv = {}): Promise<Finding[]> {
  const { stdout, stderr, events } = await stack.preview({
    packs: [ROOT],
    args: ["--json"],
    env: { PULUMI_DEBUG_COMMANDS: "true", ...env },
  });
  if (!stdout.startsWith("{")) throw new Error(stdout + stderr);
  const roots = findRoots(join(root, "infra"));
  if (roots === undefined) throw new Error("the program is in no project");
  const steps = readSteps(stdout);
  const told = events.map(readEvent).filter((event) => event !== undefined);
  return [...withSource(report({ steps, events: told }, 1, 1, "dev", roots), steps, roots).findings];
}

function makeEdits({ root }: Repository, findings: readonly Finding[]): void {
  const edits = findings.flatMap((finding) => finding.edits ?? []);
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const path = join(root, file);
    const own = edits.filter((edit) => edit.file === file);
    writeFileSync(path, applyEdits(readFileSync(path, "utf8"), own));
  }
}

/** Each finding's place and resource. */
function places(findings: readonly Finding[]): string[] {
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
    it(`${title}, places each finding, and its edits fix it`, async () => {
      repo = await repository(program);
      const findings = await found(repo);
      expect(places(findings)).to.deep.equal(expected);
      makeEdits(repo, findings);
      expect(await found(repo)).to.deep.equal([]);
    });
  }
});

/** The last line of the message, where that tells of a component. */
function components(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ message }) => /^Made inside .*$/m.exec(message)?.[0] ?? []);
}

const onPath = (folder: string, { stack }: Repository): NodeJS.ProcessEnv => ({
  PATH: `${folder}:${stack.env.PATH ?? ""}`,
});

describeWithPython("the source of a Python program", (python) => {
  needsEngine();
  let repo: Repository;
  let executable: string;
  before(async function () {
    this.timeout("10m");
    executable = await environment(python, join(ROOT, "test/python/requirements.txt"), say);
    repo = await repository("source-python");
  });
  after(() => repo.remove());

  it("places each finding, of a component in an environment where it is made, and its edits fix what they can", async () => {
    const host = languageHost("python", [executable, "-B", RUN_PYTHON], join(repo.root, "bin"));
    const env = onPath(host, repo);
    const findings = await found(repo, env);
    expect(places(findings)).to.deep.equal([
      "infra/__main__.py:11: uploads",
      "infra/__main__.py:16: team-a",
      "infra/__main__.py:16: team-b",
      "infra/__main__.py:17: listed",
      "infra/__main__.py:18: pages",
    ]);
    expect(components(findings)).to.deep.equal([
      "Made inside acme:index:Site 'docs', which this line makes.",
    ]);
    makeEdits(repo, findings);
    expect(places(await found(repo, env))).to.deep.equal(["infra/__main__.py:46: pages"]);
  });
});

describe("the source of a Go program", () => {
  needsEngine();
  let repo: Repository;
  before(async () => {
    repo = await repository("source-go");
  });
  after(() => repo.remove());

  it("places each finding, that of a component in its package, and its edits fix it", async function () {
    this.timeout("20m");
    const program = join(CACHE, "source-go");
    const host = languageHost("go", [program], join(repo.root, "bin"));
    const env = onPath(host, repo);
    // As Pulumi's own host does.
    const build = (): Promise<void> => goBuild(join(repo.root, "infra"), ["-trimpath", "-o", program, "."]);
    await build();
    const findings = await found(repo, env);
    expect(places(findings)).to.deep.equal([
      "infra/main.go:12: uploads",
      "infra/main.go:18: team-a",
      "infra/main.go:18: team-b",
      "infra/parts/site.go:21: pages",
    ]);
    expect(components(findings)).to.deep.equal(["Made inside shop:index:Site 'docs' at infra/main.go:22."]);
    makeEdits(repo, findings);
    await build();
    expect(await found(repo, env)).to.deep.equal([]);
  });
});

describe("the source of a YAML program", () => {
  needsEngine();
  let repo: Repository;
  let host: string;
  before(async function () {
    this.timeout("20m");
    host = await yamlHost(say);
    repo = await repository("source-yaml");
  });
  after(() => repo.remove());

  it("places each finding at its key, and its edits fix it", async () => {
    const env = onPath(host, repo);
    const findings = await found(repo, env);
    expect(places(findings)).to.deep.equal([
      "infra/Pulumi.yaml:9:3 site",
      "infra/Pulumi.yaml:20:3 uploads",
      "infra/Pulumi.yaml:23:3 no variable",
    ]);
    expect(findings[1]?.fix).to.equal("blockPublicAcls: true\nrestrictPublicBuckets: true");
    makeEdits(repo, findings);
    expect(await found(repo, env)).to.deep.equal([]);
  });

  it("is Main.yaml in the project's main folder, where there is one", async () => {
    const split = (project: string): void => {
      const [own = "", program = ""] = readFileSync(join(project, "Pulumi.yaml"), "utf8").split(
        /^(?=resources:)/m,
      );
      mkdirSync(join(project, "program"));
      writeFileSync(join(project, "Pulumi.yaml"), `${own}main: program\n`);
      writeFileSync(join(project, "program/Main.yaml"), program);
    };
    const other = await repository("source-yaml", { prepare: split });
    try {
      const env = onPath(host, other);
      const findings = await found(other, env);
      expect(new Set(findings.map(({ position }) => position?.file))).to.deep.equal(
        new Set(["infra/program/Main.yaml"]),
      );
      makeEdits(other, findings);
      expect(await found(other, env)).to.deep.equal([]);
    } finally {
      await other.remove();
    }
  });
});

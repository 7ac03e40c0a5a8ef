import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { readEvent } from "../../../cli/gate/events";
import { readSteps } from "../../../cli/gate/output";
import { findRoots } from "../../../cli/report/position";
import { report } from "../../../cli/gate/verdict";
import type { Finding } from "../../../cli/report/report";
import { applyEdits } from "../../../cli/source/edit";
import { withSource } from "../../../cli/source/with-source";
import { groupBy } from "../../../policypack/face";
import { needsEngine } from "../../harness/engine/needs-engine";
import { CACHE, ROOT } from "../../harness/engine/paths";
import { goBuild, languageHost, RUN_PYTHON, yamlHost } from "../../harness/languages";
import { environment } from "../../harness/python/environment";
import { describeWithPython, say } from "../../harness/python/needs-python";
import { repository, type Repository } from "../gate/gate";

/** The findings that block a preview, with the program's source read. Notes aren't fixed by edits. */
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
  return withSource(report({ steps, events: told, exitCode: 1 }, 1, "dev", roots), steps, roots).findings.filter(
    ({ blocks }) => blocks,
  );
}

function makeEdits({ root }: Repository, findings: readonly Finding[]): void {
  const edits = findings.flatMap((finding) => finding.edits ?? []);
  for (const [file, own] of groupBy(edits, (edit) => edit.file)) {
    const path = join(root, file);
    writeFileSync(path, applyEdits(readFileSync(path, "utf8"), own));
  }
}

/** Each finding's place and resource, a line each. */
function places(findings: readonly Finding[]): string {
  const placed = findings.map(({ position: { file, line, column } = { file: "-", line: 0 }, name }) => {
    return `${[file, line, column].join(":")} ${name}`;
  });
  return placed.join("\n");
}

interface More {
  /** The last lines of messages that name a component. */
  readonly inside?: readonly string[];
  /** Places that the edits can't fix. */
  readonly left?: string;
  readonly prepare?: (project: string) => void;
  /** The folder of what runs the program, which `build` makes anew. */
  readonly host?: (repo: Repository) => Host | Promise<Host>;
}

interface Host {
  readonly folder: string;
  readonly build?: () => Promise<void>;
}

/** Compares where the findings of a program are, and makes their edits. */
async function isFixed(
  program: string,
  at: string,
  { inside = [], left = "", prepare, host }: More = {},
): Promise<Finding[]> {
  const repo = await repository(program, prepare === undefined ? {} : { prepare });
  const { folder, build } = (await host?.(repo)) ?? {};
  const env = folder === undefined ? {} : { PATH: `${folder}:${repo.stack.env.PATH ?? ""}` };
  await build?.();
  const findings = await found(repo, env);
  expect(places(findings)).to.equal(at.replace(/^\s+/gm, ""));
  expect(findings.flatMap(({ message }) => /^Made inside .*$/m.exec(message)?.[0] ?? [])).to.deep.equal(inside);
  makeEdits(repo, findings);
  await build?.();
  expect(places(await found(repo, env))).to.equal(left);
  return findings;
}

describe("each finding is placed in the source, and its edits fix it", function () {
  this.timeout("20m");
  needsEngine();

  // One awaits, compiled for an older JavaScript; one has functions without names; one is an ES module.
  const typescript = {
    "source-awaits": `infra/index.ts:11:3 first
       infra/index.ts:13:18 second
       infra/index.ts:16:5 team-a
       infra/index.ts:16:5 team-b`,
    "source-callbacks": `infra/index.ts:6:3 each-a
       infra/index.ts:6:3 each-b
       infra/index.ts:10:3 at-once
       infra/index.ts:14:13 map-a
       infra/index.ts:14:13 map-b
       infra/index.ts:19:10 after-await`,
    "source-module": `infra/index.ts:9:10 made
       infra/index.ts:13:16 open
       infra/index.ts:15:3 other
       infra/index.ts:20:1 top`,
  };
  for (const [program, at] of Object.entries(typescript))
    it(`in TypeScript: ${program}`, async () => {
      await isFixed(program, at);
    });

  it("in Go, that of a component in its package", async () => {
    const program = join(CACHE, "source-go");
    const at = `infra/main.go:12: uploads
      infra/main.go:18: team-a
      infra/main.go:18: team-b
      infra/parts/site.go:21: pages`;
    await isFixed("source-go", at, {
      inside: ["Made inside shop:index:Site 'docs' at infra/main.go:22."],
      host: ({ root }) => ({
        folder: languageHost("go", [program], join(root, "bin")),
        // As Pulumi's own host does.
        build: () => goBuild(join(root, "infra"), ["-trimpath", "-o", program, "."]),
      }),
    });
  });

  const yaml = async (): Promise<Host> => ({ folder: await yamlHost(say) });

  it("in YAML, at its key", async () => {
    const at = `infra/Pulumi.yaml:9:3 site
      infra/Pulumi.yaml:20:3 uploads
      infra/Pulumi.yaml:23:3 no variable`;
    const findings = await isFixed("source-yaml", at, { host: yaml });
    expect(findings[1]?.fix).to.equal("blockPublicAcls: true\nrestrictPublicBuckets: true");
  });

  it("in YAML, in Main.yaml in the project's main folder, where there is one", async () => {
    const at = `infra/program/Main.yaml:7:3 site
      infra/program/Main.yaml:18:3 uploads
      infra/program/Main.yaml:21:3 no variable`;
    await isFixed("source-yaml", at, {
      host: yaml,
      prepare: (project) => {
        const manifest = join(project, "Pulumi.yaml");
        const [own = "", program = ""] = readFileSync(manifest, "utf8").split(/^(?=resources:)/m);
        mkdirSync(join(project, "program"));
        writeFileSync(manifest, `${own}main: program\n`);
        writeFileSync(join(project, "program/Main.yaml"), program);
      },
    });
  });

  describeWithPython("in Python", (python) => {
    it("of a component in an environment where that is made", async () => {
      const executable = await environment(python, join(ROOT, "test/python/requirements.txt"), say);
      const at = `infra/__main__.py:11: uploads
        infra/__main__.py:16: team-a
        infra/__main__.py:16: team-b
        infra/__main__.py:17: listed
        infra/__main__.py:18: pages`;
      await isFixed("source-python", at, {
        inside: ["Made inside acme:index:Site 'docs', which this line makes."],
        left: "infra/__main__.py:46: pages",
        host: ({ root }) => ({ folder: languageHost("python", [executable, "-B", RUN_PYTHON], join(root, "bin")) }),
      });
    });
  });
});

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
import { testdata } from "../../testdata";

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
    return `${[file, line, column].join(":")} ${name}\n`;
  });
  return placed.join("");
}

interface Case {
  readonly at: string;
  readonly inside?: readonly string[];
  readonly left?: string;
}
const { typescript: TYPESCRIPT, others: OTHERS } = testdata("places/programs.yaml") as {
  typescript: Record<string, Case>;
  others: Record<string, Case>;
};

interface More {
  /** The title of the case, if it isn't the program. */
  readonly title?: string;
  readonly prepare?: (project: string) => void;
  /** The folder of what runs the program, which `build` makes anew. */
  readonly host?: (repo: Repository) => Host | Promise<Host>;
}

interface Host {
  readonly folder: string;
  readonly build?: () => Promise<void>;
}

/** Compares where the findings of a program are, and makes their edits. */
async function isFixed(program: string, { title = program, prepare, host }: More = {}): Promise<Finding[]> {
  const { at, inside = [], left = "" } = { ...TYPESCRIPT, ...OTHERS }[title] ?? expect.fail(title);
  const repo = await repository(program, prepare === undefined ? {} : { prepare });
  const { folder, build } = (await host?.(repo)) ?? {};
  const env = folder === undefined ? {} : { PATH: `${folder}:${repo.stack.env.PATH ?? ""}` };
  await build?.();
  const findings = await found(repo, env);
  expect(places(findings)).to.equal(at);
  expect(findings.flatMap(({ message }) => /^Made inside .*$/m.exec(message)?.[0] ?? [])).to.deep.equal(inside);
  makeEdits(repo, findings);
  await build?.();
  expect(places(await found(repo, env))).to.equal(left);
  return findings;
}

describe("each finding is placed in the source, and its edits fix it", function () {
  this.timeout("20m");
  needsEngine();

  for (const program of Object.keys(TYPESCRIPT))
    it(`in TypeScript: ${program}`, async () => {
      await isFixed(program);
    });

  it("in Go, that of a component in its package", async () => {
    const program = join(CACHE, "source-go");
    await isFixed("source-go", {
      host: ({ root }) => ({
        folder: languageHost("go", [program], join(root, "bin")),
        // As Pulumi's own host does.
        build: () => goBuild(join(root, "infra"), ["-trimpath", "-o", program, "."]),
      }),
    });
  });

  const yaml = async (): Promise<Host> => ({ folder: await yamlHost(say) });

  it("in YAML, at its key", async () => {
    const findings = await isFixed("source-yaml", { host: yaml });
    expect(findings[1]?.fix).to.equal("blockPublicAcls: true\nrestrictPublicBuckets: true");
  });

  it("in YAML, in Main.yaml in the project's main folder, where there is one", async () => {
    await isFixed("source-yaml", {
      title: "source-yaml in Main.yaml",
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
      await isFixed("source-python", {
        host: ({ root }) => ({ folder: languageHost("python", [executable, "-B", RUN_PYTHON], join(root, "bin")) }),
      });
    });
  });
});

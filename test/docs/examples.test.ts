/** The examples for services that can't be run here: the shell lines of their steps, run by bash in a repository. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { GATE, npmUser } from "../cli/gate/example-repository";
import { LOCKED, OPEN, repository, type Repository } from "../cli/gate/gate";
import { type OwnRegistry, registryOfOne } from "../harness/cloud/registry";
import { type Finished, run } from "../harness/engine/command";
import { needsEngine } from "../harness/engine/needs-engine";
import { ROOT } from "../harness/engine/paths";
import { packAs } from "../package/pack";
import { block, bucket } from "../programs/resources";
import { tempFolder } from "../temp-folder";

interface Job {
  scripts: string[];
  env: NodeJS.ProcessEnv;
}

/** The shell lines of an example, and the variables that it and its service set, with a folder for temporary files. */
const JOBS: Record<string, (text: string, temp: string) => Job> = {
  "azure-pipelines.yml": (text, temp) => {
    const { variables, steps } = parse(text) as { variables: Record<string, string>; steps: { script?: string }[] };
    return { scripts: steps.flatMap(({ script }) => script ?? []), env: { ...variables, AGENT_TEMPDIRECTORY: temp } };
  },
  "bitbucket-pipelines.yml": (text) => {
    const { pipelines } = parse(text) as {
      pipelines: Record<string, Record<string, [{ step: { script: string[] } }]>>;
    };
    return { scripts: [pipelines["pull-requests"]?.["**"]?.[0].step.script.join("\n") ?? ""], env: {} };
  },
  Jenkinsfile: (text, temp) => ({
    scripts: [...text.matchAll(/sh '''\n([^]*?)'''/g)].map(([, script = ""]) => script),
    env: {
      ...Object.fromEntries(
        [...text.matchAll(/^ +(\w+) = '(.*)'$/gm)].map(([, name = "", value = ""]) => [name, value]),
      ),
      WORKSPACE_TMP: temp,
    },
  }),
};

const example = (name: string): string =>
  readFileSync(join(ROOT, "docs/examples", name), "utf8").replace(/(PROJECT(?:: |=| = '))\./, "$1infra");

describe("The examples for other services", () => {
  needsEngine();
  let repo: Repository;
  let registry: OwnRegistry;
  let temp: string;
  let env: NodeJS.ProcessEnv;

  before(async () => {
    temp = tempFolder("examples");
    registry = await registryOfOne(await packAs(GATE));
    repo = await repository(OPEN);
    env = { ...npmUser(repo, temp, registry), npm_config_cache: join(temp, "npm") };
  });
  after(() => {
    registry.close();
  });

  const shell = (script: string, more: NodeJS.ProcessEnv = {}): Promise<Finished> =>
    run("bash", ["-e", "-c", script], { cwd: repo.root, env: { ...env, ...more } });

  for (const [name, jobOf] of Object.entries(JOBS)) {
    it(`block an open bucket, pass a locked one, and report by JUnit: ${name}`, async () => {
      writeFileSync(join(repo.root, ".npmrc"), "registry=http://127.0.0.1:9/\nfetch-retries=0\n");
      const job = jobOf(example(name), mkdtempSync(join(temp, "job-")));
      const failures = [];
      for (const [resources, code] of [[OPEN, 1] as const, [LOCKED, 0] as const]) {
        await repo.stack.write(resources);
        let ended: Finished = { code: -1, stdout: "", stderr: "the example has no script" };
        for (const script of job.scripts) {
          ended = await shell(script, job.env);
          if (ended.code !== 0) break;
        }
        expect(ended.code, ended.stdout + ended.stderr).to.equal(code);
        const file = /--junit (\S+)$/m.exec(job.scripts.join("\n"))?.[1] ?? "";
        failures.push((readFileSync(join(repo.root, file), "utf8").match(/<failure/g) ?? []).length);
      }
      expect(failures).to.deep.equal([OPEN.length, 0]);
    });
  }

  it("stop a commit that opens a bucket, and no other: pre-commit", async () => {
    rmSync(join(repo.root, ".npmrc"), { force: true });
    await repo.stack.write(LOCKED);
    const done = async (script: string): Promise<void> => {
      const { code, stdout, stderr } = await shell(script);
      expect(code, stdout + stderr).to.equal(0);
    };
    await done(
      `echo '{}' > package.json; npm install --save-dev ${GATE}; rm -rf .git; git init --quiet; echo node_modules > .gitignore`,
    );
    await done("git config user.name o; git config user.email o@localhost; git add --all; git commit --quiet -m Begin");
    mkdirSync(join(repo.root, ".git/hooks"), { recursive: true });
    writeFileSync(join(repo.root, ".git/hooks/pre-commit"), example("pre-commit"), { mode: 0o755 });
    await repo.stack.write(OPEN);
    const blocked = await shell("git add infra; git commit -m Open");
    expect([blocked.code, blocked.stdout + blocked.stderr]).to.satisfy(
      ([code, said]: [number, string]) => code === 1 && said.includes("can be opened to the public"),
    );
    await done("git reset --quiet; echo more > other.txt; git add other.txt; git commit --quiet -m Other");
    await repo.stack.write([bucket("data"), block("lock", "data")]);
    await done("git add infra; git commit --quiet -m Lock");
  });
});

import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { outputOf, runSync } from "../harness/engine/command";
import { ROOT } from "../harness/engine/paths";

const NAME = "@o/gate";
const HASH = `sha512-${"A".repeat(86)}==`;
const ENTRY = `"version": "1.2.3",\n      "integrity": "${HASH}"`;
const WORKFLOW = ".github/workflows/pulumi-preview.yml";
const OWNERS = ["/" + WORKFLOW, "/infra/s3-public-access-block.json", "/.github/CODEOWNERS"];

describe("init", () => {
  let root: string;
  const put = (file: string, text: string): void => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  const read = (file: string): string => readFileSync(join(root, file), "utf8");
  const init = (...argv: string[]) =>
    runSync(process.execPath, [join(root, `node_modules/${NAME}/dist/cli/main.js`), "init", ...argv], { cwd: root });

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "init-"));
    for (const part of ["dist/cli", "docs/examples"])
      cpSync(join(ROOT, part), join(root, `node_modules/${NAME}`, part), { recursive: true });
    put(`node_modules/${NAME}/dist/policypack/PulumiPolicy.yaml`, "");
    put(`node_modules/${NAME}/package.json`, JSON.stringify({ name: NAME, version: "1.2.3" }));
    put(
      "node_modules/.package-lock.json",
      `{\n  "packages": {\n    "node_modules/${NAME}": {\n      ${ENTRY}\n    }\n  }\n}\n`,
    );
    put("infra/Pulumi.yaml", "name: shop\nruntime:\n  name: nodejs\n");
    for (const stack of ["dev", "prod", "fork"]) put(`infra/Pulumi.${stack}.yaml`, "");
    outputOf("git", ["init", "-q"], { cwd: root });
    outputOf("git", ["remote", "add", "origin", "git@github.com:o/r.git"], { cwd: root });
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it("shows first, then writes a workflow for this package, a configuration, and CODEOWNERS of all", () => {
    put("pnpm-lock.yaml", "");
    const shown = init("--owner", "@o/platform");
    expect([shown.code, shown.stderr, existsSync(join(root, ".github"))], shown.stdout).to.deep.equal([0, "", false]);
    expect(shown.stdout)
      .to.contain(`    ${OWNERS[0] ?? ""} @o/platform\n`)
      .and.to.contain("Nothing was written: --yes");
    const { code, stdout } = init("--owner", "@o/platform", "--yes");
    expect(code, stdout).to.equal(0);
    const { env, jobs } = parse(read(WORKFLOW)) as { env: object; jobs: { preview: { steps: object[] } } };
    expect(env).to.deep.include({ PROJECT: "infra", GATE: NAME, GATE_VERSION: "1.2.3", GATE_INTEGRITY: HASH });
    expect(env).to.have.property("STACK").that.contains("|| 'dev' }}");
    const { steps } = jobs.preview;
    expect(steps).to.deep.include({
      name: "Install the program's dependencies",
      run: "(cd . && corepack pnpm install --frozen-lockfile)",
    });
    expect(steps.at(-1)).to.have.nested.property("with.config", "${{ env.PROJECT }}/s3-public-access-block.json");
    expect(read("infra/s3-public-access-block.json")).to.equal("{}\n");
    expect(read(".github/CODEOWNERS")).to.equal(OWNERS.map((line) => `${line} @o/platform\n`).join(""));
    const again = init("--yes");
    expect([again.code, again.stdout.match(/exists, left as it is/g)?.length]).to.deep.equal([0, 2]);
  });

  it("writes over no file, and says what is left to do", () => {
    for (const file of [WORKFLOW, "CODEOWNERS", "infra/s3-public-access-block.json"]) put(file, "mine");
    const { code, stdout } = init("--yes");
    expect([code, read(WORKFLOW), read("CODEOWNERS")], stdout).to.deep.equal([1, "mine", "mine"]);
    expect(stdout).to.contain(`${WORKFLOW}: it differs`).and.to.contain("CODEOWNERS: add these lines");
  });

  it("adds a file of its own to a pipeline of GitLab, with an image and an installation for any language", () => {
    put(".gitlab-ci.yml", "stages: [test]\n");
    put("infra/Pulumi.yaml", "name: shop\nruntime: python\n");
    rmSync(join(root, "node_modules/.package-lock.json"));
    const { code, stdout } = init("--yes", "--forge", "gitlab", "--stack", "o/shop/prod");
    expect([code, read(".gitlab-ci.yml")], stdout).to.deep.equal([1, "stages: [test]\n"]);
    expect(stdout)
      .to.contain("- local: .gitlab/pulumi-preview.yml")
      .and.to.contain(`npm view ${NAME}@1.2.3 dist.integrity`);
    type Job = { image: { name: string }; variables: object; before_script: string[] };
    const { "pulumi-preview": job } = parse(read(".gitlab/pulumi-preview.yml")) as Record<string, Job>;
    expect(job?.image.name).to.match(/^pulumi\/pulumi:\d/);
    expect(job?.variables).to.deep.include({
      STACK: "o/shop/prod",
      PROJECT: "infra",
      GATE_INTEGRITY: "sha512-REPLACE",
    });
    expect(job?.before_script).to.include('pulumi --cwd "$PROJECT" install');
  });

  it("asks for what it can't know", () => {
    const wrong: [string, string, string[]][] = [
      ["infra/Pulumi.dev.yaml", "say with --stack which stack to preview: no Pulumi.NAME.yaml", []],
      [".git/config", "nothing here names GitHub or GitLab", ["--stack", "dev"]],
      ["infra/Pulumi.yaml", "there is no Pulumi.yaml in", []],
    ];
    rmSync(join(root, "infra/Pulumi.prod.yaml"));
    for (const [file, message, argv] of wrong) {
      if (file === ".git/config") writeFileSync(join(root, file), "");
      else rmSync(join(root, file));
      const { code, stderr } = init(...argv);
      expect([code, stderr.startsWith(message)], stderr).to.deep.equal([2, true]);
    }
    for (const project of ["a", "b"]) put(`${project}/Pulumi.yaml`, "");
    expect(init().stderr).to.contain("several projects; name one with --cwd: a, b");
  });
});

describe("completion", () => {
  const MAIN = join(ROOT, "dist/cli/main.js");
  const script = (shell: string): string => outputOf(process.execPath, [MAIN, "completion", shell]);
  const complete = (...words: string[]): string[] => {
    const [last, before] = [words.at(-1) ?? "", words.at(-2) ?? ""];
    const call = `COMP_WORDS=(${words.map((word) => `"${word}"`).join(" ")}) COMP_CWORD=${words.length - 1}`;
    const ask = `${call}\n_s3_public_access_block "${words[0] ?? ""}" "${last}" "${before}"\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
    return outputOf("bash", ["-c", `${script("bash")}\n${ask}`])
      .split("\n")
      .filter(Boolean);
  };

  it("completes commands, their options and shells in bash, and leaves values to the shell", () => {
    expect(complete("s3-public-access-block", "co")).to.deep.equal(["comment", "completion"]);
    expect(complete("s3-public-access-block", "preview", "--sum")).to.deep.equal(["--summary"]);
    expect(complete("s3-public-access-block", "audit", "--sta")).to.deep.equal(["--stack"]);
    expect(complete("s3-public-access-block", "preview", "--summary", "")).to.deep.equal([]);
    expect(complete("s3-public-access-block", "completion", "f")).to.deep.equal(["fish"]);
  });

  it("has the same for zsh and fish", () => {
    expect(script("zsh"))
      .to.match(/bashcompinit\n/)
      .and.to.contain(script("bash"));
    expect(script("fish")).to.contain(
      'complete -c s3-public-access-block -n "__fish_seen_subcommand_from preview" -l summary -r\n',
    );
  });
});

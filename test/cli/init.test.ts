import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { outputOf, runSync } from "../harness/engine/command";
import { ROOT } from "../harness/engine/paths";
import { tempFolder } from "../temp-folder";
import { testdata } from "../testdata";

const GATE = "node_modules/@o/gate";
const HASH = `sha512-${"A".repeat(86)}==`;
const WORKFLOW = ".github/workflows/pulumi-preview.yml";
const CONFIG = "infra/s3-public-access-block.json";
const {
  files: FILES,
  asked: ASKED,
  completed: COMPLETED,
} = testdata("init.yaml") as {
  files: Record<string, string>;
  asked: { file: string; text?: string; also?: string; asks: string }[];
  completed: Record<string, string>;
};

describe("init", () => {
  let root: string;
  const put = (file: string, text: string): void => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  const read = (file: string): string => readFileSync(join(root, file), "utf8");
  const init = (...argv: string[]) =>
    runSync(process.execPath, [join(root, GATE, "dist/cli/main.js"), "init", ...argv], { cwd: root });

  beforeEach(() => {
    root = tempFolder("init");
    outputOf("git", ["init", "-q"], { cwd: root });
    for (const part of ["dist/cli", "docs/examples"])
      cpSync(join(ROOT, part), join(root, GATE, part), { recursive: true });
    for (const [file, text] of Object.entries(FILES)) put(file, text.replace("HASH", HASH));
  });

  it("shows first, then writes a workflow for this package, a configuration, and CODEOWNERS of all", () => {
    put("pnpm-lock.yaml", "");
    const shown = init("--owner", "@o/platform");
    expect([shown.code, shown.stderr, existsSync(join(root, ".github"))], shown.stdout).to.deep.equal([0, "", false]);
    expect(shown.stdout)
      .to.contain(`    /${WORKFLOW} @o/platform\n`)
      .and.to.contain("npx @o/gate init --owner @o/platform --yes\n");
    expect(init("--owner", "@o/platform", "--yes").code).to.equal(0);
    const { env, jobs } = parse(read(WORKFLOW)) as { env: object; jobs: { preview: { steps: { run?: string }[] } } };
    expect(env).to.deep.include({ PROJECT: "infra", GATE: "@o/gate", GATE_VERSION: "1.2.3", GATE_INTEGRITY: HASH });
    expect(env).to.have.property("STACK").that.contains("|| 'dev' }}");
    const { steps } = jobs.preview;
    expect(steps.map(({ run }) => run)).to.include("(cd . && corepack pnpm install --frozen-lockfile)");
    const owners = [WORKFLOW, CONFIG, ".github/CODEOWNERS"].map((file) => `/${file} @o/platform\n`);
    expect([read(CONFIG), read(".github/CODEOWNERS")]).to.deep.equal(["{}\n", owners.join("")]);
    const again = init("--yes");
    expect([again.code, again.stdout.match(/exists, left as it is/g)?.length]).to.deep.equal([0, 2]);
  });

  it("writes over no file, and says what is left to do", () => {
    for (const file of [WORKFLOW, "CODEOWNERS", CONFIG]) put(file, "mine");
    const { code, stdout } = init("--yes");
    expect([code, read(WORKFLOW), read("CODEOWNERS"), read(CONFIG)]).to.deep.equal([1, "mine", "mine", "mine"]);
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
      .and.to.contain("npm view @o/gate@1.2.3 dist.integrity");
    const pipeline: unknown = parse(read(".gitlab/pulumi-preview.yml"));
    expect(pipeline)
      .to.have.nested.property("pulumi-preview.image.name")
      .that.matches(/^pulumi\/pulumi:\d/);
    const variables = { STACK: "o/shop/prod", PROJECT: "infra", GATE_INTEGRITY: "sha512-REPLACE" };
    expect(pipeline).to.have.nested.property("pulumi-preview.variables").that.deep.includes(variables);
    const install = 'pulumi --cwd "$PROJECT" install';
    expect(pipeline).to.have.nested.property("pulumi-preview.before_script").that.includes(install);
  });

  it("gives a second project a workflow of its own, with a job and a check that aren't the first's", () => {
    put("site/Pulumi.yaml", "name: site\nruntime:\n  name: python\n  options:\n    toolchain: uv\n");
    const both = (forge: string, first: string, second: string): [string, Record<string, unknown>] => {
      const codes = ["infra", "site", "infra", "site"].map((cwd) => {
        return init("--cwd", cwd, "--yes", "--forge", forge, "--stack", "dev", "--owner", "@o/p").code;
      });
      expect(codes).to.deep.equal([0, 1, 0, 1]); // CODEOWNERS is there, and is left to a person.
      expect(read(first)).to.contain('PROJECT: "infra"\n');
      expect(read(second))
        .to.contain('PROJECT: "site"\n')
        .and.contain('(command -v uv || pipx install uv) && pulumi --cwd "$PROJECT" install\n');
      return [read(second), parse(read(second)) as Record<string, unknown>];
    };
    const [, github] = both("github", WORKFLOW, ".github/workflows/pulumi-preview-site.yml");
    expect(github).to.have.property("name", "Pulumi preview-site");
    expect(github.jobs).to.have.all.keys("preview-site");
    expect(github)
      .to.have.nested.property("concurrency.group")
      .that.matches(/^pulumi-preview-site-\$/);
    const [, gitlab] = both("gitlab", ".gitlab-ci.yml", ".gitlab/pulumi-preview-site.yml");
    expect(gitlab).to.have.all.keys("pulumi-preview-site");
    expect(init("--cwd", "site", "--forge", "gitlab", "--stack", "dev").stdout)
      .to.contain("- local: .gitlab/pulumi-preview-site.yml\n")
      .and.not.to.contain("--yes");
  });

  it("asks for what it can't know", () => {
    rmSync(join(root, "infra/Pulumi.dev.yaml"));
    for (const { file, text = "", also = file, asks } of ASKED) {
      for (const each of [also, file]) put(each, text);
      const { code, stderr } = init();
      expect([code, stderr.startsWith(asks)], stderr).to.deep.equal([2, true]);
    }
  });
});

describe("completion", () => {
  const script = (shell: string): string =>
    outputOf(process.execPath, [join(ROOT, "dist/cli/main.js"), "completion", shell]);

  it("completes commands, their options and shells in bash, and leaves values to the shell", () => {
    for (const [line, wanted] of Object.entries(COMPLETED)) {
      const words = ["s3-public-access-block", ...line.split(" ")];
      const ask = `COMP_WORDS=(${words.join(" ")}) COMP_CWORD=${words.length - 1}
_s3_public_access_block ${words[0] ?? ""} ${words.at(-1) ?? ""} ${words.at(-2) ?? ""}; echo "\${COMPREPLY[*]}"`;
      expect(outputOf("bash", ["-c", `${script("bash")}\n${ask}`]), line).to.equal(`${wanted}\n`);
    }
  });

  it("has the same for zsh and fish", () => {
    expect(script("zsh"))
      .to.match(/bashcompinit\n/)
      .and.to.contain(script("bash"));
    expect(script("fish"))
      .to.match(/^complete .*"__fish_seen_subcommand_from preview" -l summary -r$/m)
      .and.match(/^complete .*"__fish_seen_subcommand_from completion" -f -a "bash zsh fish"$/m);
  });
});

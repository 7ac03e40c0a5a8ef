/** Each command of the documents, run as it stands there: test/testdata/commands.yaml says where, and what comes of it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { jobless } from "../cli/gate/gate";
import { type OwnRegistry, registryOfOne } from "../harness/cloud/registry";
import { workspace, writeProgram } from "../harness/engine";
import { outputOf, run } from "../harness/engine/command";
import { newFolder } from "../harness/engine/files";
import { type ForgeServer, startForge } from "../harness/forge/server";
import { ROOT } from "../harness/engine/paths";
import { acme } from "../organization/acme";
import { block, bucket } from "../programs/resources";
import { tempFolder } from "../temp-folder";

interface Command {
  run: string;
  code?: number;
  says?: string;
  /** Files that it writes, anew. */
  writes?: string[];
  env?: Record<string, string>;
  scripts?: "printed";
}

const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const TABLE = parse(read("test/testdata/commands.yaml")) as Record<"checkout" | "project", Command[]> & {
  elsewhere: { run: string; file: string; text: string }[];
  standIns: Record<string, string>;
};

const PAGES = ["README.md", "CONTRIBUTING.md", "test/harness/README.md"].concat(
  readdirSync(join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md") && name !== "organization.md")
    .map((name) => `docs/${name}`),
);

/** The lines of a page's shell blocks, without comments, and indented lines that are a command. */
function commandsOf(page: string): string[] {
  const text = read(page);
  const blocks = [...text.matchAll(/^ *```(?:sh|bash|shell|console)\n([^]*?)^ *```/gm)].flatMap(([, lines = ""]) =>
    lines.split("\n"),
  );
  const indented =
    text.replace(/^ *```[^]*?^ *```/gm, "").match(/^ {4,}(?:npx|npm|pulumi|node|reviewdog|sst|git) .*$/gm) ?? [];
  return [...blocks, ...indented].map((line) => line.replace(/ +#.*/, "").trim()).filter((line) => line !== "");
}

describe("The commands of the documents", function () {
  this.timeout("5m");

  it("are all in the table, and each is run by something", () => {
    const listed = [...TABLE.elsewhere, ...TABLE.checkout, ...TABLE.project].map((command) => command.run);
    expect(listed).to.have.members([...new Set(PAGES.flatMap(commandsOf))]);
    for (const { file, text } of TABLE.elsewhere) expect(read(file)).to.include(text);
  });

  it("name scripts of package.json, also in a sentence", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const named = [...PAGES, "docs/organization.md"].flatMap((page) => [
      ...read(page).matchAll(/npm run (?:-s )?([\w:-]+)/g),
    ]);
    expect(scripts).to.include.all.keys(named.map(([, name]) => name));
  });

  const organization = acme();
  let temp: string;
  before(() => {
    temp = tempFolder("commands");
    const npm = outputOf("sh", ["-c", "command -v npm"]).trim();
    for (const [name, script] of Object.entries(TABLE.standIns))
      writeFileSync(join(temp, name), `#!/bin/sh\n${script.replace("NPM", npm)}\n`, { mode: 0o755 });
  });

  function runAll(commands: readonly Command[], place: () => { cwd: string; env: NodeJS.ProcessEnv }): void {
    for (const command of commands) {
      it(command.run, async () => {
        const { cwd, env } = place();
        const { code = 0, says = "", writes = [] } = command;
        for (const file of writes) rmSync(join(cwd, file), { force: true });
        const ended = await run("sh", ["-c", command.run], {
          cwd,
          env: {
            ...env,
            ...{ ORG: "acme", VERSION: organization.source.version(), PATH: [temp, env.PATH].join(delimiter) },
            ...{ PULUMI_OPTION_YES: "true", npm_config_cache: join(temp, "cache"), npm_config_audit: "false" },
            ...(command.scripts && { npm_config_script_shell: join(temp, "printed") }),
            ...command.env,
          },
        });
        const said = ended.stdout + ended.stderr;
        expect(ended.code, said).to.equal(code);
        expect(said).to.include(says);
        expect(writes.filter((file) => !existsSync(join(cwd, file)))).to.deep.equal([]);
      });
    }
  }

  describe("in a checkout", () => {
    runAll(TABLE.checkout, () => ({ cwd: organization.source.folder, env: organization.user.env }));
  });

  describe("in a project", () => {
    let folder: string;
    let stack: Awaited<ReturnType<typeof workspace>>;
    let registry: OwnRegistry;
    let forge: ForgeServer;
    let job: NodeJS.ProcessEnv;
    before(async () => {
      // Below the checkout, where programs that are data find @pulumi/aws.
      folder = newFolder(join(ROOT, ".cache/commands"));
      writeFileSync(join(folder, "package.json"), "{}");
      const weak = [bucket("data"), block("lock", "data", { ignorePublicAcls: false })];
      await writeProgram(folder, { name: "shop", resources: [...weak, bucket("site")] });
      for (const name of ["infra", "website"]) {
        mkdirSync(join(folder, name));
        await writeProgram(join(folder, name), { name, resources: [bucket("data"), block("lock", "data")] });
      }
      stack = await workspace(folder);
      for (const [name, project] of [
        ["dev", "infra"],
        ["prod", "infra"],
        ["dev", "website"],
      ] as const) {
        await stack.pulumi(["stack", "init", name], { cwd: join(folder, project) });
      }
      registry = await registryOfOne(
        join(organization.source.folder, `dist/acme-s3-public-access-block-${organization.source.version()}.tgz`),
      );
      const [, sample = ""] = /```json\n([^]*?)```/.exec(read("docs/configuration.md")) ?? [];
      writeFileSync(join(folder, "configuration.json"), sample);
      const options = { exemptions: [{ urn: "urn:pulumi:dev::shop::**", reason: "Reviewed by the security team" }] };
      const policies = ["s3-bucket-public-access-block", "s3-public-access-block-flags"];
      const exemptions = Object.fromEntries(policies.map((policy) => [policy, options]));
      writeFileSync(join(folder, "exemptions.json"), JSON.stringify(exemptions));
      forge = await startForge(folder);
      job = {
        ...{ GITLAB_CI: "true", CI_API_V4_URL: `${forge.url}/api/v4`, GITLAB_TOKEN: forge.token, CI_PROJECT_ID: "42" },
        ...{ CI_MERGE_REQUEST_PROJECT_ID: "42", CI_MERGE_REQUEST_IID: "7" },
      };
    });
    after(async () => {
      registry.close();
      await forge.close();
      await stack.remove();
      rmSync(folder, { recursive: true });
    });
    runAll(TABLE.project, () => ({ cwd: folder, env: { ...jobless(stack.env), ...registry.env, ...job } }));
  });
});

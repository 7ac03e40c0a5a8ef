import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { gunzipSync } from "node:zlib";

import { expect } from "chai";

import { acme } from "./acme";

const UPLOADS = /^(POST .*\/policypacks|PUT|POST .*\/complete) /;

describe("npm run publish:pulumi", function () {
  this.timeout(300_000);
  const organization = acme();

  async function publish(args = ["acme"], env: NodeJS.ProcessEnv = {}) {
    const { cloud, source, user } = organization;
    const before = cloud.log.length;
    const command = ["run", "--silent", "publish:pulumi", "--", ...args];
    const { code, stdout, stderr } = await source.run("npm", command, { ...user.env, ...env });
    return { code, stdout, stderr, uploads: cloud.log.slice(before).filter((line) => UPLOADS.test(line)) };
  }

  /** It has to stop with this message before anything is uploaded. */
  async function refused(message: string, args?: string[], env?: NodeJS.ProcessEnv): Promise<void> {
    const { code, stderr, uploads } = await publish(args, env);
    expect({ code, uploads }, stderr).to.deep.equal({ code: 1, uploads: [] });
    expect(stderr).to.contain(`Not published: ${message}`);
  }

  it("asks for one organization, that the user is in, at Pulumi Cloud, with a token", async () => {
    const { home } = organization.user;
    const wrong: [message: string, args?: string[], env?: NodeJS.ProcessEnv][] = [
      ["name one organization: npm run publish:pulumi -- ORG", []],
      ["name one organization", ["acme", "other"]],
      ["name one organization", ["acme/team"]],
      ["developer is not a member of the organization other (but of: developer, acme).", ["other"]],
      ["you are logged in to file://", ["acme"], { PULUMI_BACKEND_URL: `file://${home}` }],
      [
        "you are not logged in to Pulumi Cloud. Run `pulumi login`, or set PULUMI_ACCESS_TOKEN to a valid token:",
        ["acme"],
        { PULUMI_ACCESS_TOKEN: "wrong" },
      ],
    ];
    for (const each of wrong) await refused(...each);
  });

  it("refuses a tree with changes that are not committed, and names the files", async () => {
    const { folder } = organization.source;
    const file = join(folder, "LICENSE");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, `${text}\n`);
    writeFileSync(join(folder, "new.txt"), "");
    await refused(
      "the working tree has changes that are not committed. Commit or stash them, then run again:\n M LICENSE\n?? new.txt\n",
    );
    writeFileSync(file, text);
    rmSync(join(folder, "new.txt"));
  });

  it("refuses a source that does not build", async () => {
    const { source } = organization;
    const file = join(source.folder, "policypack/index.ts");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, `${text}\nconst broken = ;\n`);
    await source.commit();
    await refused("the build failed. Fix it, then run again:");
    writeFileSync(file, text);
    await source.commit();
  });

  it("publishes what it has built afresh, whatever an earlier build has left, and packed by npm for whoever prefers Yarn", async () => {
    const { cloud, source, user } = organization;
    await source.run("git", ["remote", "add", "origin", "https://me:token@git.example/acme/pack.git"], {});
    const built = join(source.folder, "dist/policypack");
    mkdirSync(built, { recursive: true });
    writeFileSync(join(built, "left-over.js"), "");
    const bin = join(user.home, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "yarn"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    const PATH = [bin, user.env.PATH].join(delimiter);
    const { code, stdout, stderr } = await publish(["acme"], { PATH, PULUMI_PREFER_YARN: "true" });
    expect(code, stderr).to.equal(0);
    const next = `pulumi policy enable acme/s3-public-access-block ${source.version()} --config docs/samples/advisory.json`;
    expect(stdout).to.contain(`\n  ${next}\n`);
    const { tarball, metadata } = cloud.organization.version("s3-public-access-block");
    expect(metadata.repository).to.equal("https://git.example/acme/pack");
    const files = gunzipSync(tarball ?? "");
    expect(files.includes("left-over")).to.equal(false);
    expect(files.includes("package/node_modules/@pulumi/pulumi/cmd/run-policy-pack/index.js")).to.equal(true);
    // The rest of it is in info.test.ts.
    const of = { name: "s3-public-access-block", versionTag: source.version(), provider: "aws", runtime: "nodejs" };
    expect(metadata).to.include(of);
    expect(metadata.policies).to.have.length.above(0);
    for (const { name, remediationSteps, framework, configSchema } of metadata.policies) {
      expect(remediationSteps, name).to.be.a("string").and.match(/\S/);
      expect(framework, name).to.have.all.keys("name", "version", "reference", "specification");
      expect(configSchema, name).to.have.nested.property("properties.exemptions");
    }
    const page = "docs/policies.md";
    expect(metadata.readme).to.contain(`[${page}](https://git.example/acme/pack/blob/HEAD/${page})`);
    expect(cloud.organization.list().map(({ name, versionTags }) => ({ name, versionTags }))).to.deep.equal([
      { name: "s3-public-access-block", versionTags: [source.version()] },
    ]);
  });

  it("refuses a version that is already published, and says how to get the next one", async () => {
    await refused(
      `acme already has s3-public-access-block ${organization.source.version()}, and a published version can't be replaced. ` +
        "Run `npm version patch` (or minor, or major), then publish again.",
    );
  });
});

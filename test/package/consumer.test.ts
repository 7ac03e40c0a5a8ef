import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { type Workspace, workspace } from "../../harness/engine";
import type { OperationOptions } from "../../harness/engine";
import { ROOT } from "../../harness/engine/paths";
import { onNode } from "./nodes";
import { npm, pack } from "./pack";
import { needsEngine } from "../../harness/engine/needs-engine";

const PACK = "s3-public-access-block";
/** Older than what the pack is locked to. */
const OWN_SDK = "3.248.0";

/** Plain resources: a consumer needs no @pulumi/aws for the pack's sake. */
const PROGRAM = `
  const { CustomResource } = require("@pulumi/pulumi");
  const data = new CustomResource("aws:s3/bucket:Bucket", "data", {});
  new CustomResource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "data", {
    bucket: data.id,
    blockPublicAcls: true,
    ignorePublicAcls: true,
    blockPublicPolicy: true,
    restrictPublicBuckets: true,
  });
  new CustomResource("aws:s3/bucket:Bucket", "site", {});
`;

const json = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));
/** Some of Pulumi's packages put a v before it. */
const versionOf = (folder: string): string =>
  (json(join(folder, "package.json")) as { version: string }).version.replace(/^v/, "");

// All outside the repository, whose node_modules would make up for what is missing.
describe("The tarball as an npm package, in a project with an SDK of its own", function () {
  needsEngine();
  // A cold install on a busy machine takes a minute.
  this.timeout(300_000);

  let home: string;
  let project: string;
  let stack: Workspace;

  before(async () => {
    home = mkdtempSync(join(tmpdir(), "consumer-"));
    project = join(home, "project");
    mkdirSync(project);
    writeFileSync(join(project, "Pulumi.yaml"), "name: consumer\nruntime: nodejs\nmain: index.js\n");
    writeFileSync(join(project, "index.js"), PROGRAM);
    const manifest = { name: "consumer", private: true, dependencies: { "@pulumi/pulumi": OWN_SDK } };
    writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
    await npm(["install", "--no-audit", "--no-fund", "--save-dev", (await pack()).tarball], project);
    stack = await workspace(project);
  });

  after(async () => {
    await stack.remove();
    rmSync(home, { recursive: true, force: true });
  });

  /** The open bucket must be found, and the locked one must not. */
  async function judges(packFolder: string, options: OperationOptions = {}): Promise<void> {
    const { code, stdout, stderr, violations } = await stack.preview({ ...options, packs: [packFolder] });
    const found = violations.map(({ policy, level, urn }) => [policy, level, urn]);
    expect({ code, found }, stdout + stderr).to.deep.equal({
      code: 1,
      found: [
        [
          "s3-bucket-public-access-block",
          "mandatory",
          "urn:pulumi:dev::consumer::aws:s3/bucket:Bucket::site",
        ],
      ],
    });
  }

  it("brings the SDK that it is locked to, and leaves the project its own", async () => {
    const { packages } = json(join((await pack()).folder, "npm-shrinkwrap.json")) as {
      packages: Record<string, { version: string }>;
    };
    const own = join(project, "node_modules/@pulumi/pulumi");
    const brought = join(project, "node_modules", PACK, "node_modules/@pulumi/pulumi");
    expect([versionOf(own), versionOf(brought)]).to.deep.equal([
      OWN_SDK,
      packages["node_modules/@pulumi/pulumi"]?.version,
    ]);
  });

  for (const version of ["20.19.0", "22", "24"]) {
    it(`starts and finds the open bucket on Node.js ${version}`, async () => {
      const node = await onNode(version);
      await judges(`node_modules/${PACK}`, { env: node.env });
      const [seen, ...more] = node.seen();
      expect(more).to.deep.equal([]);
      expect(seen).to.match(new RegExp(`^v${version.replaceAll(".", "\\.")}`));
    });
  }

  const ranges = (json(join(ROOT, "package.json")) as { dependencies: Record<string, string> }).dependencies;
  const oldest = Object.fromEntries(
    Object.entries(ranges).map(([name, range]) => [name, range.replace("^", "")]),
  );

  for (const [age, dependencies] of Object.entries({ oldest, newest: ranges })) {
    it(`starts and finds the open bucket with the ${age} SDKs that its ranges allow`, async () => {
      const { folder } = await pack();
      const unlocked = join(home, age);
      cpSync(folder, unlocked, { recursive: true });
      rmSync(join(unlocked, "npm-shrinkwrap.json"));
      const manifest = json(join(folder, "package.json")) as object;
      writeFileSync(join(unlocked, "package.json"), JSON.stringify({ ...manifest, dependencies }));
      await npm(["install", "--no-audit", "--no-fund"], unlocked);
      if (age === "oldest") {
        for (const [name, version] of Object.entries(oldest)) {
          expect(versionOf(join(unlocked, "node_modules", name)), name).to.equal(version);
        }
      }
      await judges(unlocked);
    });
  }
});

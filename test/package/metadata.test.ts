import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { type Cloud, type PackMetadata, startCloud } from "../harness/cloud/server";
import { newUser, type User } from "../harness/cloud/user";
import { ROOT } from "../harness/engine/paths";
import { withAbsoluteLinks } from "../../scripts/readme-links.mjs";
import { PACK_FOLDER } from "./pack";

const text = (file: string): string => readFileSync(join(ROOT, file), "utf8");

describe("What `pulumi policy publish` tells Pulumi Cloud about the pack", () => {
  let cloud: Cloud;
  let user: User;
  let told: PackMetadata;

  before(async () => {
    cloud = await startCloud("acme");
    user = await newUser(cloud);
    await user.pulumi(["login", cloud.url]);
    const folder = join(ROOT, PACK_FOLDER);
    const { code, stderr } = await user.pulumi(["policy", "publish", "acme"], { cwd: folder });
    expect(code, stderr).to.equal(0);
    told = cloud.organization.version("s3-public-access-block").metadata;
  });

  after(async () => {
    user.remove();
    await cloud.close();
  });

  it("names the pack, its version, provider and runtime, and brings the README", () => {
    const manifest = JSON.parse(text("package.json")) as { name: string; version: string };
    expect(told).to.deep.include({
      name: manifest.name,
      displayName: "S3 public access block",
      versionTag: manifest.version,
      provider: "aws",
      runtime: "nodejs",
      readme: withAbsoluteLinks(text("README.md"), ""),
      description: "Fails the preview of a program whose S3 buckets can be opened to the public.",
      tags: ["aws", "s3", "public-access"],
    });
  });

  it("describes each policy in full", () => {
    expect(told.policies.length).to.be.greaterThan(0);
    for (const policy of told.policies) {
      const { name, displayName, description, remediationSteps, url, severity, framework, tags } = policy;
      for (const text of [name, displayName, description, remediationSteps]) {
        expect(text, name).to.be.a("string").and.match(/\S/);
      }
      expect(url, name).to.match(/^https:\/\//);
      expect(severity, name).to.be.oneOf(["low", "medium", "high", "critical"]);
      expect(framework, name).to.have.all.keys("name", "version", "reference", "specification");
      expect(tags, name).to.be.an("array").and.not.to.have.length(0);
      expect(policy.configSchema, name).to.have.nested.property("properties.exemptions");
    }
  });
});

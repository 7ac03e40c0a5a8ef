import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { withAbsoluteLinks } from "../../scripts/readme-links.mjs";
import { boot, type PackInfo } from "../../harness/engine/analyzer";
import { ROOT } from "../../harness/engine/paths";

// What else is told of the policies is compared with docs/policies.md, in test/docs/policies.test.ts.

const CONTACT = {
  type: "string",
  minLength: 1,
  description:
    "Whom to ask about a finding, such as an address or a channel; one line, shown in the message.",
};
const EXEMPTIONS = {
  type: "array",
  description:
    "Resources that may fail this policy, each for a reason. An exempt resource is shown as an advisory note.",
  items: {
    type: "object",
    properties: {
      urn: {
        type: "string",
        minLength: 1,
        description: "A URN; * stands for anything within a part, ** for anything.",
      },
      reason: { type: "string", minLength: 1, description: "Why the resource may be public." },
      expires: {
        type: "string",
        format: "date",
        description: "The last day of the exemption (UTC, YYYY-MM-DD).",
      },
    },
    required: ["urn", "reason"],
    additionalProperties: false,
  },
};

const ACCEPT = {
  type: "boolean",
  default: false,
  description:
    "Also accept a bucket without a block of its own where the same provider manages an " +
    "aws.s3.AccountPublicAccessBlock with the four flags on in this stack.",
};

const common = ["aws", "s3", "public-access"];
const POLICIES: Record<
  string,
  { type: string; displayName: string; tags: string[]; level?: string; options?: object }
> = {
  "s3-bucket-public-access-block": {
    type: "stack",
    displayName: "S3 buckets have a public access block",
    tags: ["security-hub-s3.8"],
    options: { acceptAccountPublicAccessBlock: ACCEPT },
  },
  "s3-public-access-block-flags": {
    type: "resource",
    displayName: "S3 public access blocks have their four flags on",
    tags: ["security-hub-s3.8"],
  },
  "s3-public-access-block-skip-destroy": {
    type: "resource",
    displayName: "S3 public access blocks stay when their resource goes",
    tags: ["security-hub-s3.8"],
    level: "advisory",
  },
  "s3-account-public-access-block": {
    type: "resource",
    displayName: "The account's S3 public access block has its four flags on",
    tags: ["security-hub-s3.1"],
  },
  "s3-access-point-public-access-block": {
    type: "resource",
    displayName: "S3 access points have their public access block on",
    tags: ["security-hub-s3.19", "security-hub-s3.24"],
  },
  "s3-no-public-acl": {
    type: "resource",
    displayName: "S3 ACLs are not public",
    tags: ["security-hub-s3.2", "security-hub-s3.3"],
  },
  "s3-no-public-folder": {
    type: "stack",
    displayName: "S3 folders are not synced with a public ACL",
    tags: ["security-hub-s3.2", "security-hub-s3.3"],
  },
  "s3-no-public-bucket-policy": {
    type: "resource",
    displayName: "S3 bucket and access point policies are not public",
    tags: ["security-hub-s3.2", "security-hub-s3.3"],
  },
};

describe("What the pack tells the engine of itself", () => {
  let info: PackInfo;
  before(async () => {
    const pack = await boot(ROOT);
    info = await pack.info();
    await pack.close();
  });

  it("is its name, what it is for, and its README", () => {
    const { policies, ...rest } = info;
    expect(policies.map(({ name }) => name)).to.deep.equal(Object.keys(POLICIES));
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
    expect(rest).to.deep.equal({
      name: "s3-public-access-block",
      version,
      displayName: "S3 public access block",
      description: "Fails the preview of a program whose S3 buckets can be opened to the public.",
      readme: withAbsoluteLinks(readFileSync(join(ROOT, "README.md"), "utf8"), ""),
      provider: "aws",
      tags: common,
      repository: "",
      supportsConfig: true,
    });
  });

  it("is of each policy its type, its name for people, its tags and its options", () => {
    const told = info.policies.map(({ name, type, displayName, tags, level, configSchema }) => [
      name,
      { type, displayName, tags, level, configSchema },
    ]);
    const expected = Object.entries(POLICIES).map(
      ([name, { options, tags, level = "mandatory", ...rest }]) => [
        name,
        {
          ...rest,
          tags: [...common, ...tags],
          level,
          configSchema: {
            properties: { ...options, contact: CONTACT, exemptions: EXEMPTIONS },
            required: [],
          },
        },
      ],
    );
    expect(told).to.deep.equal(expected);
  });
});

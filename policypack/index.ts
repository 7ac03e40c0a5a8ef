import { PolicyPack, type PolicyPackArgs } from "@pulumi/policy";
import readme from "../README.md";
import { serving } from "./engine/substitutes/analyzer-service";
import { EngineView } from "./engine/view";
import { policies } from "./policies";
import { isAdapted } from "./adapters";
import { memoized } from "./lib/lists";
import { toSdk } from "./policy/adapter";

const view = new EngineView(
  memoized((type: string) => policies.some((policy) => policy.reads(type)) || isAdapted(type)),
  (type) => policies.some((policy) => "remediate" in policy && policy.reads(type)),
);

const pack: PolicyPackArgs = {
  displayName: "S3 public access block",
  description: "Fails the preview of a program whose S3 buckets can be opened to the public.",
  readme,
  repository: process.env.PACK_REPOSITORY ?? "", // Its value at build time (scripts/build.mjs).
  provider: "aws",
  tags: ["aws", "s3", "public-access"],
  policies: toSdk(policies, view),
};

serving(view.service, () => new PolicyPack("s3-public-access-block", pack));

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { write } from "../../../policypack/findings/text";
import { published } from "../../../policypack/findings/with-exemptions";
import { LANGUAGES } from "../../../policypack/languages";
import { lostBlocks } from "../../../cli/gate/lost-blocks";
import { UnreadableError, type State, type Step } from "../../../cli/gate/output";
import { filledIn } from "../../policypack/cases";
import { blankState } from "../report/builders";

const STACK = "urn:pulumi:dev::shop::";
const UNSEEN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const ON = { blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true, restrictPublicBuckets: true };
const PASCAL = spelled((flag) => flag.charAt(0).toUpperCase() + flag.slice(1));
const SNAKE = spelled((flag) => flag.replace(/[A-Z]/g, (it) => `_${it.toLowerCase()}`));

/** A type of resource, and the state that it has unless a case says otherwise. */
interface Kind extends Partial<State> {
  readonly type: string;
  /** Of one that has a block inside: what it has without it. */
  readonly unlocked?: State["inputs"];
  /** What the address of the bucket in it has behind the URN. */
  readonly path?: string;
}

const named = { id: "the-data", inputs: { bucket: "the-data", ...ON }, outputs: { bucket: "the-data" } };
/** What views have, which is no ID, no provider, and Terraform's spelling. */
const view = { provider: "", inputs: { bucket: "the-data", ...SNAKE } };
const desired = (PublicAccessBlockConfiguration?: object): State["inputs"] => ({
  ...{ typeName: "AWS::S3::Bucket", desiredState: JSON.stringify({ PublicAccessBlockConfiguration }) },
});
const template = (PublicAccessBlockConfiguration?: object): State["inputs"] => {
  const Properties = { BucketName: "the-data", PublicAccessBlockConfiguration };
  return { templateBody: JSON.stringify({ Resources: { Data: { Type: "AWS::S3::Bucket", Properties } } }) };
};
const KINDS: Record<string, Kind> = {
  bucket: { type: "aws:s3/bucket:Bucket", ...named },
  bucketV2: { type: "aws:s3/bucketV2:BucketV2", ...named },
  block: { type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", ...named },
  account: { ...{ type: "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", id: "123456789012", inputs: ON } },
  "bridged-bucket": { type: "aws:index/s3Bucket:S3Bucket", ...named },
  "bridged-block": { type: "aws:index/s3BucketPublicAccessBlock:S3BucketPublicAccessBlock", ...named },
  "view-bucket": { type: "site:tf:aws_s3_bucket", ...view },
  "view-block": { type: "site:tf:aws_s3_bucket_public_access_block", ...view },
  "view-account": { type: "site:tf:aws_s3_account_public_access_block", ...view },
  "imported-bucket": { type: "pulumi:terraform:aws_s3_bucket", ...view },
  "imported-block": { type: "pulumi:terraform:aws_s3_bucket_public_access_block", ...view },
  native: {
    ...{ type: "aws-native:s3:Bucket", id: "the-data", unlocked: {} },
    inputs: { bucketName: "the-data", publicAccessBlockConfiguration: ON },
  },
  control: {
    ...{ type: "aws:cloudcontrol/resource:Resource", id: "the-data" },
    ...{ inputs: desired(PASCAL), unlocked: desired() },
  },
  "secret-control": {
    ...{ type: "aws:cloudcontrol/resource:Resource", id: "the-data" },
    inputs: { typeName: "AWS::S3::Bucket", desiredState: "[secret]" },
  },
  extension: {
    ...{ type: "aws-native:index:ExtensionResource", id: "the-data" },
    inputs: { type: "AWS::S3::Bucket", properties: { PublicAccessBlockConfiguration: PASCAL } },
    unlocked: { type: "AWS::S3::Bucket", properties: {} },
  },
  template: {
    ...{ type: "aws:cloudformation/stack:Stack", id: "arn:aws:cloudformation:::stack/it" },
    ...{ inputs: template(PASCAL), unlocked: template(), path: "#/Resources/Data" },
  },
  queue: { type: "aws:sqs/queue:Queue" },
};

type Changes = Partial<State> & {
  readonly from?: readonly string[];
  readonly after?: State["inputs"];
  readonly more?: State["inputs"];
  readonly isUnlocked?: boolean;
};
interface Case {
  readonly steps: readonly (string | Record<string, Changes | "unlocked" | "none">)[];
  readonly lost?: string;
  readonly says?: string;
  readonly note?: boolean;
  readonly language?: "python";
  readonly accountSuffices?: boolean;
  readonly unreadable?: string;
}

function spelled(spell: (flag: string) => string): Record<string, boolean> {
  return Object.fromEntries(Object.keys(ON).map((flag) => [spell(flag), true]));
}

/** `KIND NAME`, or a type and a name. */
function urnOf(resource: string): string {
  const [kind = "", name = ""] = resource.split(" ");
  return `${STACK}${KINDS[kind]?.type ?? kind}::${name}`;
}

function step(written: Case["steps"][number]): Step {
  const [[line, given] = ["", {}]] = Object.entries(typeof written === "string" ? { [written]: {} } : written);
  const [op = "", name = "", resource = ""] = line.split(" ");
  const kind = KINDS[name];
  if (kind === undefined) throw new Error(`there is no kind ${name}`);
  const { type, unlocked, ...usual } = kind;
  const {
    from,
    after,
    more,
    isUnlocked,
    parent = "",
    deletedWith,
    provider = "default",
    ...changes
  } = { ...usual, ...(typeof given === "string" ? { after: unlocked } : given) } as Changes;
  const { id = "", ...rest } = { ...usual, ...changes };
  const state: State = {
    ...blankState(rest),
    ...(id !== "" && !from && { id }),
    ...(isUnlocked && { inputs: unlocked }),
    provider: provider === "" ? "" : `${STACK}pulumi:providers:aws::${provider}::1`,
    ...{ parent: parent && urnOf(parent), deletedWith: deletedWith === undefined ? "" : urnOf(deletedWith) },
    ...(from && {
      ...{ outputs: {}, inputs: { bucket: UNSEEN, ...ON } },
      propertyDependencies: { bucket: from.map(urnOf) },
    }),
  };
  const above = parent === "" ? "" : `${parent.split(" ")[0] ?? ""}$`;
  const urn = `${STACK}${above}${type}::${resource}`;
  const common = { op, urn, frames: [], changes: from ? ["bucket"] : [] };
  if (given === "none") return common;
  if (op.startsWith("delete")) return { ...common, before: state };
  const inputs = after ?? { ...state.inputs, ...more };
  const isHolder = op === "update" && (unlocked !== undefined || name === "secret-control");
  return { ...common, ...(isHolder && { before: state }), after: { ...state, inputs } };
}

const FILE = join(__dirname, "../../testdata/preview/lost-blocks.yaml");
const cases = parse(readFileSync(FILE, "utf8")) as Record<string, Case & { each?: unknown[] }>;

describe("what a preview takes away", () => {
  for (const [title, { each = [{}], ...rest }] of Object.entries(cases)) {
    const verb = rest.unreadable ? "can't be told from" : rest.lost ? "finds" : "passes";
    it(`${verb} ${title}`, () => {
      for (const row of each) {
        const values = typeof row === "object" ? row : { each: row };
        check(filledIn(rest, { unknown: UNSEEN, ...values }) as Case);
      }
    });
  }

  it("shows the loss in a template at the stack's place in the program", () => {
    const steps = [step({ "update template it": "unlocked" }), step("same block lock")];
    expect(lostBlocks(steps, false).map(({ at }) => at)).to.deep.equal([urnOf("template it")]);
  });
});

function check({ steps, lost, says, note = false, language, accountSuffices = false, unreadable }: Case): void {
  const made = steps.map(step);
  if (unreadable !== undefined) {
    expect(() => lostBlocks(made, accountSuffices)).to.throw(UnreadableError, unreadable);
    return;
  }
  const program = () => LANGUAGES[language ?? "javascript"];
  const found = lostBlocks(made, accountSuffices);
  const [kind = ""] = lost?.split(" ") ?? [];
  const of = kind.includes("account") ? "account" : "bucket";
  expect(found.map((each) => [each.of, each.urn, each.isNote])).to.deep.equal(
    lost === undefined ? [] : [[of, urnOf(lost) + (KINDS[kind]?.path ?? ""), note]],
  );
  if (says === undefined) return;
  const texts = found.map(({ urn, said }) => {
    const matched = { finding: { urn, said, isNote: true }, urn, exemption: undefined };
    return `${write(published(matched, { name: "" }, undefined, program))}\n`;
  });
  expect(texts).to.deep.equal([says]);
}

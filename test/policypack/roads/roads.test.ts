import { expect } from "chai";
import {
  boot,
  UNKNOWN,
  type Analyzer,
  type Diagnostic,
  type Props,
  type Resource,
} from "../../../harness/engine/analyzer";
import { ROOT } from "../../../harness/engine/paths";
import { note } from "../policies/doors";
import { BLOCK, block, known, ON, provider, SAY_WHY, urn } from "../resources";

const BUCKET_RULE = "s3-bucket-public-access-block";
const ACCOUNT_RULE = "s3-account-public-access-block";
const ACCESS_POINT_RULE = "s3-access-point-public-access-block";
const ACL_RULE = "s3-no-public-acl";
const POLICY_RULE = "s3-no-public-bucket-policy";

const STACK = "aws:cloudformation/stack:Stack";
const CLOUD_CONTROL = "aws:cloudcontrol/resource:Resource";
const EXTENSION = "aws-native:index:ExtensionResource";

const LOCK = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};
const EVERYONE = { Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" }] };

function resource(type: string, props: Props, change: Partial<Resource> = {}): Resource {
  return { type, urn: urn("it", type), name: "it", props, provider: known, ...change };
}

const template = (Resources: object, rest: object = {}): string => JSON.stringify({ ...rest, Resources });
const stack = (body: string, props: Props = {}, type = STACK): Resource =>
  resource(type, { templateBody: body, ...props });
const bucketWith = (Properties: object): object => ({ Type: "AWS::S3::Bucket", Properties });
const lockedBy = (PublicAccessBlockConfiguration: unknown): object =>
  bucketWith({ PublicAccessBlockConfiguration });

const NOT_KNOWN = "can't be evaluated: the canned ACL is not known yet. The update evaluates it again.";
const UNVERIFIED_ACL = `${ACL_RULE} advisory: Unverified: The ACL of`;

const [PASSES, FIRST_LINE] = [[] as string[], ([first = ""]: string[]): string => first];

describe("A road to a bucket", () => {
  let pack: Analyzer;
  before(async () => {
    pack = await boot(ROOT);
  });
  after(() => pack.close());

  /** What the first preview of a stack says. */
  async function evaluate(...resources: Resource[]): Promise<Diagnostic[]> {
    const found: Diagnostic[] = [];
    for (const each of resources) found.push(...(await pack.analyze(each)));
    return [...found, ...(await pack.analyzeStack(resources))];
  }

  /** The policy, the level and the first line of each finding. */
  async function heads(...resources: Resource[]): Promise<string[]> {
    const found = await evaluate(...resources);
    return found.map(
      ({ policy, level, message }) => `${policy} ${level}: ${FIRST_LINE(message.split("\n"))}`,
    );
  }
  const isOpen = (name: string, why: string): string =>
    `${BUCKET_RULE} mandatory: Bucket '${name}' can be opened to the public: ${why}`;

  describe("by CloudFormation", () => {
    const WEAK = isOpen(
      "it#/Resources/Data",
      "its PublicAccessBlockConfiguration doesn't have the four flags on.",
    );
    const OPEN = isOpen("it#/Resources/Data", "no public access block targets it.");

    it("is told by the template's resource and its path, with a fix that fits into the template", async () => {
      const it = stack("Resources:\n  Data:\n    Type: AWS::S3::Bucket\n");
      const at = `${it.urn}#/Resources/Data`;
      const [found, ...more] = await evaluate(it);
      expect(more).to.deep.equal([]);
      expect([found?.urn, found?.policy, found?.message.split("\n")]).to.deep.equal([
        it.urn,
        BUCKET_RULE,
        [
          "Bucket 'it#/Resources/Data' can be opened to the public: no public access block targets it.",
          "Add one to its Properties:",
          "      PublicAccessBlockConfiguration:",
          "        BlockPublicAcls: true",
          "        IgnorePublicAcls: true",
          "        BlockPublicPolicy: true",
          "        RestrictPublicBuckets: true",
          `If it must be public, ${SAY_WHY}`,
          `  {"${BUCKET_RULE}": {"exemptions": [{"urn": "${at}", "reason": ""}]}}`,
          `Address: "${at}"`,
        ],
      ]);
    });

    it("is told of each flag that isn't on, in CloudFormation's spelling", async () => {
      const Parameters = { On: { Type: "String", Default: "true" } };
      const configuration = {
        ...LOCK,
        BlockPublicAcls: { Ref: "On" },
        IgnorePublicAcls: { "Fn::ImportValue": "x" },
      };
      const body = template({ Data: lockedBy(configuration) }, { Parameters });
      const [found] = await evaluate(stack(body, { parameters: { On: "false" } }));
      expect(found?.message.split("\n").slice(0, 10)).to.deep.equal([
        "Bucket 'it#/Resources/Data' can be opened to the public: its PublicAccessBlockConfiguration doesn't have the four flags on.",
        "  BlockPublicAcls is false, which is also what it is when left out",
        "  IgnorePublicAcls can't be verified: its value isn't known before the update",
        "In 'it#/Resources/Data', set",
        '      "PublicAccessBlockConfiguration": {',
        '          "BlockPublicAcls": true,',
        '          "IgnorePublicAcls": true,',
        '          "BlockPublicPolicy": true,',
        '          "RestrictPublicBuckets": true',
        "      }",
      ]);
    });

    it("is evaluated by every rule: ACLs, policies, access points, Lightsail, organizations", async () => {
      const off = { ...LOCK, BlockPublicAcls: false };
      const body = template({
        Acl: bucketWith({ PublicAccessBlockConfiguration: LOCK, AccessControl: "PublicRead" }),
        Policy: {
          Type: "AWS::S3::BucketPolicy",
          Properties: { Bucket: { Ref: "Acl" }, PolicyDocument: EVERYONE },
        },
        Point: {
          Type: "AWS::S3::AccessPoint",
          Properties: { PublicAccessBlockConfiguration: off, Policy: EVERYONE },
        },
        Private: {
          Type: "AWS::S3::AccessPoint",
          Properties: { VpcConfiguration: { VpcId: "vpc-1" }, Policy: EVERYONE },
        },
        Multi: {
          Type: "AWS::S3::MultiRegionAccessPoint",
          Properties: { PublicAccessBlockConfiguration: off },
        },
        MultiPolicy: { Type: "AWS::S3::MultiRegionAccessPointPolicy", Properties: { Policy: EVERYONE } },
        Light: { Type: "AWS::Lightsail::Bucket", Properties: { AccessRules: { GetObject: "public" } } },
        Organization: {
          Type: "AWS::Organizations::Policy",
          Properties: {
            Type: "S3_POLICY",
            Content: { s3_attributes: { public_access_block_configuration: { "@@assign": "none" } } },
          },
        },
      });
      const point = (name: string): string =>
        `${ACCESS_POINT_RULE} mandatory: Access point 'it#/Resources/${name}' has a public access block that doesn't have the four flags on, and can't be changed later.`;
      expect((await heads(stack(body))).sort()).to.deep.equal(
        [
          `${ACL_RULE} mandatory: The ACL of 'it#/Resources/Acl' is public: the canned ACL public-read.`,
          `${ACL_RULE} mandatory: The access of 'it#/Resources/Light' is public: getObject is public.`,
          `${POLICY_RULE} mandatory: The bucket policy in 'it#/Resources/Policy' is public:`,
          `${POLICY_RULE} mandatory: The access point policy in 'it#/Resources/Point' is public:`,
          `${POLICY_RULE} mandatory: The access point policy in 'it#/Resources/MultiPolicy' is public:`,
          point("Point"),
          point("Multi"),
          `${ACCOUNT_RULE} mandatory: The organization's S3 policy 'it#/Resources/Organization' turns the public access block of its accounts off.`,
        ].sort(),
      );
    });

    it("is a note where the template isn't told, and a violation where nobody could read it", async () => {
      const why = "The template of 'it' can't be";
      expect(await evaluate(resource(STACK, { templateUrl: "https://example.com/t" }))).to.deep.equal([
        note(
          BUCKET_RULE,
          urn("it", STACK),
          `Unverified: ${why} evaluated: it is at a URL. Nothing is told of what is at a URL; give the template as templateBody to have its buckets evaluated.`,
        ),
      ]);
      expect(await heads(resource(STACK, { usePreviousTemplate: true }))).to.deep.equal([
        `${BUCKET_RULE} advisory: Unverified: ${why} evaluated: it is the one that was deployed before. Give the template as templateBody to have its buckets evaluated.`,
      ]);
      const unknown = `${BUCKET_RULE} advisory: Unverified: ${why} evaluated: it is not known yet. The update evaluates it again.`;
      expect(await heads(resource(STACK, { templateBody: UNKNOWN }))).to.deep.equal([unknown]);
      const reasons: [string, string][] = [
        ["{", "isn't YAML: MISSING_CHAR at line 1"],
        ["- a", "isn't a template"],
        [
          `{"Resources": {"A": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": ${"[".repeat(50_000)}${"]".repeat(50_000)}}}}}`,
          "is nested too deep",
        ],
      ];
      for (const [body, reason] of reasons) {
        expect(await heads(stack(body)), reason).to.deep.equal([
          `${BUCKET_RULE} mandatory: ${why} read, so it may open a bucket: it ${reason}.`,
        ]);
      }
    });

    it("is a note where a part of the template makes what isn't in it", async () => {
      const body = template({ Nested: { Type: "AWS::CloudFormation::Stack" } }, { Transform: "MyMacro" });
      const hidden = (path: string, reason: string): string =>
        `${BUCKET_RULE} advisory: Unverified: 'it#${path}' can't be evaluated: it ${reason}. A bucket that it makes isn't evaluated.`;
      expect(await heads(stack(body))).to.deep.equal([
        hidden("/Transform", "is a macro, which can change all of the template"),
        hidden("/Resources/Nested", "is a nested stack, whose template is elsewhere"),
      ]);
      const Product = { Type: "AWS::ServiceCatalog::CloudFormationProvisionedProduct" };
      const Principal = { AWS: { "Fn::GetAtt": ["Product", "Outputs.Who"] } };
      const PolicyDocument = { Statement: { ...EVERYONE.Statement[0], Principal } };
      const Policy = { Type: "AWS::S3::BucketPolicy", Properties: { PolicyDocument } };
      const found = await heads(stack(template({ Product, Policy })));
      expect(found).to.include(
        hidden("/Resources/Product", "is a product of Service Catalog, whose template is elsewhere"),
      );
      expect(found.filter((each) => each.startsWith(`${POLICY_RULE} advisory: Unverified`))).to.have.length(
        1,
      );
    });

    it("comes by stack sets, change sets and aws-native's stacks too, one template in another included", async () => {
      const body = template({ Data: { Type: "AWS::S3::Bucket" } });
      for (const type of [
        "aws:cloudformation/stackSet:StackSet",
        ...["Stack", "StackSet", "ChangeSet"].map((name) => `aws-native:cloudformation:${name}`),
        "aws:index/cloudformationStack:CloudformationStack",
      ]) {
        expect(await heads(stack(body, {}, type)), type).to.deep.equal([OPEN]);
      }
      const asObject = resource("aws-native:cloudformation:Stack", {
        templateBody: { Resources: { Data: { Type: "AWS::S3::Bucket" } } },
      });
      expect(await heads(asObject)).to.deep.equal([OPEN]);
      const Outer = { Type: "AWS::CloudFormation::StackSet", Properties: { TemplateBody: body } };
      expect(await heads(stack(template({ Outer })))).to.deep.equal([
        isOpen("it#/Resources/Outer#/Resources/Data", "no public access block targets it."),
      ]);
    });

    it("doesn't take a stack set's parameters for what its instances have", async () => {
      const Parameters = { On: { Type: "String", Default: "true" } };
      const body = template({ Data: lockedBy({ ...LOCK, BlockPublicAcls: { Ref: "On" } }) }, { Parameters });
      expect(await heads(stack(body))).to.deep.equal(PASSES);
      expect(await heads(stack(body, {}, "aws:cloudformation/stackSet:StackSet"))).to.deep.equal([WEAK]);
    });

    it("is locked by a block of the program that takes its bucket from the stack's outputs", async () => {
      const body = template(
        { Data: { Type: "AWS::S3::Bucket" } },
        { Outputs: { Name: { Value: { "Fn::Sub": "${Data}" } } } },
      );
      const lock = (bucket: string | typeof UNKNOWN): Resource => ({
        ...block("lock", "it"),
        props: { ...ON, skipDestroy: true, bucket },
        propertyDependencies: { bucket: [urn("it", STACK)] },
      });
      expect(await heads(stack(body, { outputs: UNKNOWN }), lock(UNKNOWN))).to.deep.equal(PASSES);
      const deployed = stack(body, { outputs: { Name: "it-data-1x2y" } });
      expect(await heads(deployed, lock("it-data-1x2y"))).to.deep.equal(PASSES);
      const [found] = await evaluate(deployed, lock("another"));
      expect(found?.message.split("\n").slice(0, 3)).to.deep.equal([
        "Bucket 'it#/Resources/Data' can be opened to the public: public access block 'lock' is made from it, and targets another name.",
        "Put one into its Properties:",
        '      "PublicAccessBlockConfiguration": {',
      ]);
    });

    it("has the defaults of its parameters where the program gives none, which the provider then doesn't know", async () => {
      const Parameters = { On: { Type: "String", Default: "true" } };
      const body = template({ Data: lockedBy({ ...LOCK, BlockPublicAcls: { Ref: "On" } }) }, { Parameters });
      expect(await pack.analyze(stack(body))).to.deep.equal([]);
      expect(await pack.analyzeStack([stack(body, { parameters: UNKNOWN })])).to.deep.equal([]);
      expect(await heads(stack(body, { parameters: UNKNOWN }))).to.deep.equal([WEAK]);
    });

    it("isn't locked by a block on a name that it has only if a condition holds", async () => {
      const named = (...parts: unknown[]): Resource =>
        stack(template({ Data: bucketWith({ BucketName: { "Fn::Join": ["-", ["data", ...parts]] } }) }));
      const lock = { ...block("lock", "it"), propertyDependencies: {} };
      const onData = { ...lock, props: { ...lock.props, bucket: "data-eu" } };
      expect(await heads(named("eu"), onData)).to.deep.equal(PASSES);
      const maybe = { "Fn::If": ["Missing", "eu", { Ref: "AWS::NoValue" }] };
      expect(await heads(named(maybe), onData)).to.deep.equal([OPEN]);
    });
  });

  describe("by Cloud Control", () => {
    const wanted = (state: object, typeName = "AWS::S3::Bucket", props: Props = {}): Resource =>
      resource(CLOUD_CONTROL, { typeName, desiredState: JSON.stringify(state), ...props });

    it("is evaluated by what is wanted, with a fix that fits into it", async () => {
      expect(await heads(wanted({ BucketName: "data" }))).to.deep.equal([
        isOpen("it", "no public access block targets it."),
      ]);
      expect(await heads(wanted({ PublicAccessBlockConfiguration: LOCK }))).to.deep.equal(PASSES);
      const [found] = await evaluate(
        wanted({ PublicAccessBlockConfiguration: { ...LOCK, BlockPublicAcls: false } }),
      );
      expect(found?.message).to.include("In 'it', set\n      \"PublicAccessBlockConfiguration\": {\n");
      expect(await heads(wanted({ PolicyDocument: EVERYONE }, "AWS::S3::BucketPolicy"))).to.deep.equal([
        `${POLICY_RULE} mandatory: The bucket policy in 'it' is public:`,
      ]);
      expect(await heads(wanted({ RetentionInDays: 1 }, "AWS::Logs::LogGroup"))).to.deep.equal(PASSES);
    });

    it("isn't proven by what isn't known, and is a violation where it isn't JSON", async () => {
      const unknown = resource(CLOUD_CONTROL, { typeName: "AWS::S3::Bucket", desiredState: UNKNOWN });
      expect(await heads(unknown)).to.deep.equal([
        `${UNVERIFIED_ACL} 'it' ${NOT_KNOWN}`,
        isOpen("it", "its PublicAccessBlockConfiguration doesn't have the four flags on."),
      ]);
      expect(await heads(resource(CLOUD_CONTROL, { typeName: UNKNOWN, desiredState: "{}" }))).to.deep.equal([
        `${BUCKET_RULE} advisory: Unverified: 'it' can't be evaluated: its type is not known yet. The update evaluates it again.`,
      ]);
      expect(
        await heads(resource(CLOUD_CONTROL, { typeName: "AWS::S3::Bucket", desiredState: "{" })),
      ).to.deep.equal([
        `${BUCKET_RULE} mandatory: The desiredState of 'it' can't be read, so it may open a bucket: it is not a JSON object.`,
      ]);
    });

    const OFF = { ...LOCK, BlockPublicAcls: false };
    const drift: [string, object, unknown, boolean][] = [
      ["both have them on", LOCK, { PublicAccessBlockConfiguration: LOCK }, true],
      ["one is off in AWS", LOCK, { PublicAccessBlockConfiguration: OFF }, false],
      ["AWS has no block", LOCK, { BucketName: "data" }, false],
      ["one is wanted off, and is on in AWS", OFF, { PublicAccessBlockConfiguration: LOCK }, false],
      ["they have just been switched on", LOCK, UNKNOWN, true],
      ["one has just been switched off", OFF, UNKNOWN, false],
    ];
    for (const [title, flags, actual, passes] of drift) {
      it(`${passes ? "passes" : "is open"} where ${title}`, async () => {
        const properties = actual === UNKNOWN ? UNKNOWN : JSON.stringify(actual);
        const state = wanted({ PublicAccessBlockConfiguration: flags }, "AWS::S3::Bucket", { properties });
        expect(await heads(state)).to.have.length(passes ? 0 : 1);
      });
    }

    it("has the last value of a name that is given twice, with a note, and is a violation where it isn't JSON", async () => {
      const lock = `"PublicAccessBlockConfiguration": ${JSON.stringify(LOCK)}`;
      const none = '"PublicAccessBlockConfiguration": {}';
      const at = (typeName: string, desiredState: string): Resource =>
        resource(CLOUD_CONTROL, { typeName, desiredState });
      const subject = `The desiredState of 'it'`;
      const twice = `${BUCKET_RULE} advisory: ${subject} gives PublicAccessBlockConfiguration twice. AWS takes the last one.`;
      expect(await heads(at("AWS::S3::Bucket", `{${none}, ${lock}}`))).to.deep.equal([twice]);
      expect(await heads(at("AWS::S3::Bucket", `{${lock}, ${none}}`))).to.deep.equal([
        isOpen("it", "its PublicAccessBlockConfiguration doesn't have the four flags on."),
        twice,
      ]);
      expect(await heads(at("AWS::CloudFormation::Stack", "{"))).to.deep.equal([
        `${BUCKET_RULE} mandatory: ${subject} can't be read, so it may open a bucket: it is not a JSON object.`,
      ]);
      expect(await heads(at("AWS::Logs::LogGroup", '{"a": 1, "a": 2}'))).to.deep.equal(PASSES);
    });

    it("has a note for a type of others that looks like a bucket", async () => {
      const told = `${BUCKET_RULE} advisory: Unverified: 'it' can't be evaluated: it has the type Acme::S3::Bucket, which looks like a bucket and isn't known here. It isn't evaluated.`;
      expect(await heads(wanted({}, "Acme::S3::Bucket"))).to.deep.equal([told]);
      expect(await heads(resource(EXTENSION, { type: "Acme::S3::Bucket", properties: {} }))).to.deep.equal([
        told,
      ]);
    });

    it("is a stack whose template is in what is wanted, or is at a URL", async () => {
      const type = "AWS::CloudFormation::Stack";
      const TemplateBody = template({ Data: { Type: "AWS::S3::Bucket" } });
      expect(await heads(wanted({ TemplateBody }, type))).to.deep.equal([
        isOpen("it#/Resources/Data", "no public access block targets it."),
      ]);
      expect(await heads(wanted({ TemplateURL: "https://example.com/t" }, type))).to.have.length(1);
    });

    it("is locked by a block of the program, before it is made and later", async () => {
      const lock = (bucket: string | typeof UNKNOWN): Resource => ({
        ...block("lock", "it"),
        props: { ...ON, skipDestroy: true, bucket },
        propertyDependencies: { bucket: [urn("it", CLOUD_CONTROL)] },
      });
      expect(
        await heads(wanted({}, "AWS::S3::Bucket", { properties: UNKNOWN }), lock(UNKNOWN)),
      ).to.deep.equal(PASSES);
      const made = wanted({}, "AWS::S3::Bucket", { properties: JSON.stringify({ BucketName: "made" }) });
      expect(await heads(made, lock("made"))).to.deep.equal(PASSES);
      expect(await heads(wanted({}, "AWS::S3::Bucket", { id: "made" }), lock("made"))).to.deep.equal(PASSES);
      expect(await heads(made, lock("another"))).to.have.length(1);
    });

    it("is an extension of aws-native's too", async () => {
      const extension = (properties: Props): Resource =>
        resource(EXTENSION, { type: "AWS::S3::Bucket", properties });
      expect(await heads(extension({ BucketName: "data" }))).to.deep.equal([
        isOpen("it", "no public access block targets it."),
      ]);
      expect(await heads(extension({ PublicAccessBlockConfiguration: LOCK }))).to.deep.equal(PASSES);
    });
  });

  describe("by Terraform's provider", () => {
    it("is bridged on the fly, with the properties of aws.s3", async () => {
      const type = "aws:index/s3Bucket:S3Bucket";
      const lockType = "aws:index/s3BucketPublicAccessBlock:S3BucketPublicAccessBlock";
      const it = resource(type, { bucket: UNKNOWN, forceDestroy: false });
      const lock = (props: Props): Resource => ({
        ...block("lock", "it"),
        ...{
          type: lockType,
          urn: urn("lock", lockType),
          props: { ...ON, skipDestroy: true, bucket: UNKNOWN, ...props },
        },
        propertyDependencies: { bucket: [it.urn] },
      });
      expect(await heads(it)).to.deep.equal([isOpen("it", "no public access block targets it.")]);
      expect(await heads(it, lock({}))).to.deep.equal(PASSES);
      expect((await evaluate(it))[0]?.message).to.include(
        'new aws.S3BucketPublicAccessBlock("itAccessBlock", {',
      );
      expect(await heads(it, lock({ blockPublicAcls: false }))).to.deep.equal([
        isOpen("it", "public access block 'lock' doesn't have the four flags on."),
      ]);
    });

    it("has no ACL and no policy before it is made where the program gives it nothing", async () => {
      const type = "aws:index/s3Bucket:S3Bucket";
      const outputs: Props = {
        bucket: UNKNOWN,
        acl: UNKNOWN,
        policy: UNKNOWN,
        grants: UNKNOWN,
        arn: UNKNOWN,
      };
      const found = [
        ...(await pack.analyze(resource(type, {}))),
        ...(await pack.analyzeStack([resource(type, outputs)])),
      ];
      expect(found.map(({ policy, level }) => `${policy} ${level}`)).to.deep.equal([
        `${BUCKET_RULE} mandatory`,
      ]);
    });

    it("has its siblings", async () => {
      const policy = JSON.stringify(EVERYONE);
      const siblings: [string, Props, string][] = [
        ["s3BucketAcl:S3BucketAcl", { acl: "public-read" }, ACL_RULE],
        ["s3Object:S3Object", { acl: "public-read" }, ACL_RULE],
        ["s3BucketPolicy:S3BucketPolicy", { policy }, POLICY_RULE],
        [
          "s3AccountPublicAccessBlock:S3AccountPublicAccessBlock",
          { ...ON, blockPublicAcls: false },
          ACCOUNT_RULE,
        ],
        [
          "s3AccessPoint:S3AccessPoint",
          { publicAccessBlockConfiguration: { blockPublicAcls: false } },
          ACCESS_POINT_RULE,
        ],
        [
          "s3controlMultiRegionAccessPoint:S3controlMultiRegionAccessPoint",
          { details: { publicAccessBlock: { blockPublicAcls: false } } },
          ACCESS_POINT_RULE,
        ],
      ];
      for (const [type, props, rule] of siblings) {
        const found = await evaluate(resource(`aws:index/${type}`, props));
        expect(
          found.map((each) => each.policy),
          type,
        ).to.deep.equal([rule]);
      }
    });

    /** A resource in a Terraform module, by its address. */
    const inModule = (address: string, props: Props, change: Partial<Resource> = {}): Resource => {
      const type = `site:tf:${/(aws_\w+)\.[^.]+$/.exec(address)?.[1] ?? ""}`;
      return {
        type,
        urn: urn(address, type),
        name: address,
        props,
        provider: provider({}, "site"),
        ...change,
      };
    };
    const BUCKET = "module.site.aws_s3_bucket.this[0]";
    const LOCKED = "module.site.aws_s3_bucket_public_access_block.this[0]";
    const on = {
      block_public_acls: true,
      ignore_public_acls: true,
      block_public_policy: true,
      restrict_public_buckets: true,
    };

    it("is in a module, with the properties of Terraform and a fix in its language", async () => {
      const it = inModule(BUCKET, { bucket: UNKNOWN });
      const [found] = await evaluate(it);
      expect(found?.message.split("\n").slice(0, 9)).to.deep.equal([
        `Bucket '${BUCKET}' can be opened to the public: no public access block targets it.`,
        "Add one:",
        '      resource "aws_s3_bucket_public_access_block" "this" {',
        "        bucket = aws_s3_bucket.this[0].id",
        "        block_public_acls = true",
        "        ignore_public_acls = true",
        "        block_public_policy = true",
        "        restrict_public_buckets = true",
        "      }",
      ]);
      expect(await heads(it, inModule(LOCKED, { bucket: UNKNOWN, ...on }))).to.deep.equal(PASSES);
      expect(
        await heads(it, inModule(LOCKED.replace("site", "other"), { bucket: UNKNOWN, ...on })),
      ).to.have.length(1);
      const named = inModule(BUCKET, { bucket: "data" });
      expect(await heads(named, inModule(LOCKED, { bucket: "data", ...on }))).to.deep.equal(PASSES);
      expect(await heads(named, inModule(LOCKED, { bucket: "other", ...on }))).to.have.length(1);
      const weak = await evaluate(it, inModule(LOCKED, { bucket: UNKNOWN, ...on, block_public_acls: false }));
      expect(weak.map(({ policy }) => policy)).to.deep.equal([BUCKET_RULE]);
      expect(weak[0]?.message).to.include(`In '${LOCKED}', set\n      block_public_acls = true`);
    });

    it("isn't taken to be locked where its module has two buckets and one block", async () => {
      const two = [
        inModule(BUCKET, { bucket: UNKNOWN }),
        inModule("module.site.aws_s3_bucket.logs", { bucket: UNKNOWN }),
      ];
      expect(await heads(...two, inModule(LOCKED, { bucket: UNKNOWN, ...on }))).to.have.length(2);
    });

    it("may be locked by the block that is called alike, which nothing proves, and by none of the 1,999 others", async () => {
      const many = Array.from({ length: 2000 }, (_, at) => [
        inModule(`module.site.aws_s3_bucket.this[${String(at)}]`, { bucket: UNKNOWN }),
        inModule(`module.site.aws_s3_bucket_public_access_block.this[${String(at)}]`, {
          bucket: UNKNOWN,
          ...on,
        }),
      ]).flat();
      const found = await pack.analyzeStack(many);
      expect(found).to.have.length(2000);
      const messages = found.map(({ message }) => message.split("\n")[0]);
      expect(messages).to.include(
        "Bucket 'module.site.aws_s3_bucket.this[7]' can be opened to the public: it can't be verified that public access block 'module.site.aws_s3_bucket_public_access_block.this[7]' targets it.",
      );
    });

    it("is told to be hidden where the module shows policies nothing of its block", async () => {
      // The engine asks nothing about views but this, so they have addresses of their own here.
      const [shown, lock] = [BUCKET.replace("site", "views"), LOCKED.replace("site", "views")];
      const hidden = [shown, lock].map((address): Resource => {
        const { type, urn: at, name } = inModule(address, {});
        return { type, urn: at, name, props: {} };
      });
      const told = await pack.analyzeStack(hidden);
      expect(told.map(({ level, message }) => `${level} ${FIRST_LINE(message.split("\n"))}`)).to.deep.equal([
        `mandatory Bucket '${shown}' can't be verified: Pulumi tells policies nothing of what is in a Terraform module, the flags of its public access block neither.`,
      ]);
      const alone = await pack.analyzeStack(hidden.slice(0, 1));
      expect(alone.map(({ message }) => FIRST_LINE(message.split("\n")))).to.deep.equal([
        `Bucket '${shown}' can be opened to the public: no public access block targets it.`,
      ]);
    });

    it("reads Terraform's lists and its single blocks", async () => {
      const group = "http://acs.amazonaws.com/groups/global/AllUsers";
      const grant = [{ grantee: [{ type: "Group", uri: group }], permission: "READ" }];
      const open: [string, Props, string][] = [
        ["aws_s3_bucket_acl.it", { acl: null, access_control_policy: [{ grant }] }, ACL_RULE],
        ["aws_s3_bucket_logging.it", { target_grant: grant }, ACL_RULE],
        ["aws_s3_object_copy.it", { grant: [{ uri: group, permissions: ["READ"] }] }, ACL_RULE],
        [
          "aws_s3_access_point.it",
          { public_access_block_configuration: [{ block_public_acls: false }] },
          ACCESS_POINT_RULE,
        ],
        ["aws_s3_access_point.it", { policy: JSON.stringify(EVERYONE), vpc_configuration: [] }, POLICY_RULE],
        [
          "aws_s3control_multi_region_access_point.it",
          { details: [{ public_access_block: [{ block_public_acls: false }] }] },
          ACCESS_POINT_RULE,
        ],
        [
          "aws_cloudformation_stack.it",
          { template_body: template({ A: { Type: "AWS::S3::Bucket" } }) },
          BUCKET_RULE,
        ],
      ];
      for (const [address, props, rule] of open) {
        const found = await evaluate(inModule(address, props));
        expect(
          found.map(({ policy, level }) => [policy, level]),
          address,
        ).to.deep.equal([[rule, "mandatory"]]);
      }
      const closed = {
        policy: JSON.stringify(EVERYONE),
        vpc_configuration: [{ vpc_id: "vpc-1" }],
        public_access_block_configuration: [],
      };
      expect(await heads(inModule("aws_s3_access_point.it", closed))).to.deep.equal(PASSES);
    });

    it("is a state of Terraform in Pulumi Cloud", async () => {
      const state = (name: string, props: Props): Resource => {
        const type = `pulumi:terraform:${name}`;
        return { type, urn: urn("this", type), name: "this", props };
      };
      const it = state("aws_s3_bucket", { bucket: "data", id: "data", arn: "arn:aws:s3:::data" });
      expect(await pack.analyzeStack([it])).to.have.length(1);
      expect(
        await pack.analyzeStack([it, state("aws_s3_bucket_public_access_block", { bucket: "data", ...on })]),
      ).to.deep.equal([]);
      expect(
        await pack.analyzeStack([it, state("aws_s3_bucket_public_access_block", { bucket: "logs", ...on })]),
      ).to.have.length(1);
    });

    it("can't be verified in a plan of Terraform, in whose types nothing is recorded of where names come from", async () => {
      const types = [
        ["pulumi:terraform:aws_s3_bucket", "pulumi:terraform:aws_s3_bucket_public_access_block"],
        ["aws:s3/bucket:Bucket", "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"],
      ] as const;
      for (const [its, locks] of types) {
        const planned = (type: string, name: string, props: Props): Resource => {
          return { type, urn: urn(name, type), name, props: { id: UNKNOWN, bucket: UNKNOWN, ...props } };
        };
        const told = await pack.analyzeStack([
          planned(its, "planned", {}),
          planned(locks, "planned-lock", { ...on, ...LOCK }),
        ]);
        expect(told.map(({ message }) => FIRST_LINE(message.split("\n")))).to.deep.equal([
          "Bucket 'planned' can be opened to the public: it can't be verified that public access block 'planned-lock' targets it.",
        ]);
      }
    });
  });

  describe("by a service of its own", () => {
    it("is a bucket of Lightsail", async () => {
      const rules = (accessRules: Props[string]): Resource =>
        resource("aws-native:lightsail:Bucket", { accessRules });
      const isPublic = (why: string): string =>
        `${ACL_RULE} mandatory: The access of 'it' is public: ${why}.`;
      expect(await heads(rules({ getObject: "private", allowPublicOverrides: false }))).to.deep.equal(PASSES);
      expect(await heads(rules(null))).to.deep.equal(PASSES);
      expect(await heads(rules({ getObject: "public", allowPublicOverrides: true }))).to.deep.equal([
        isPublic("getObject is public and allowPublicOverrides lets objects be public"),
      ]);
      expect(await heads(rules({ getObject: "private", allowPublicOverrides: true }))).to.deep.equal([
        isPublic("allowPublicOverrides lets objects be public"),
      ]);
      expect(await heads(rules({ getObject: UNKNOWN }))).to.deep.equal([
        `${ACL_RULE} advisory: Unverified: The access of 'it' can't be evaluated: a rule of its access is not known yet. The update evaluates it again.`,
      ]);
    });

    it("is a policy of the organization that turns all blocks off", async () => {
      for (const type of ["aws:organizations/policy:Policy", "aws-native:organizations:Policy"]) {
        const policy = (assign: string, kind = "S3_POLICY"): Resource => {
          const content = JSON.stringify({
            s3_attributes: { public_access_block_configuration: { "@@assign": assign } },
          });
          return resource(type, { type: kind, content });
        };
        expect(await heads(policy("all")), type).to.deep.equal(PASSES);
        expect(await heads(policy("none", "TAG_POLICY")), type).to.deep.equal(PASSES);
        expect(await heads(resource(type, { content: "{" })), type).to.deep.equal(PASSES);
        const subject = `${ACCOUNT_RULE} mandatory: The organization's S3 policy 'it'`;
        expect(await heads(policy("none")), type).to.deep.equal([
          `${subject} turns the public access block of its accounts off.`,
        ]);
        expect(await heads(resource(type, { type: "S3_POLICY", content: "{" })), type).to.deep.equal([
          `${subject} can't be read: it is not a JSON object.`,
        ]);
        expect(await heads(resource(type, { type: "S3_POLICY", content: UNKNOWN })), type).to.deep.equal([
          `${ACCOUNT_RULE} advisory: Unverified: The organization's S3 policy 'it' can't be evaluated: it is not known yet. The update evaluates it again.`,
        ]);
      }
    });

    it("has one note a type where the type looks like a bucket and isn't known", async () => {
      const at = (name: string, type = "acme:s3/bucket:Bucket"): Resource =>
        resource(type, {}, { urn: urn(name, type) });
      const told = "which can make an S3 bucket that this pack can't evaluate.";
      expect(await heads(at("a"), at("b"), at("c", "acme:index:BucketOfS3"))).to.deep.equal([
        `${BUCKET_RULE} advisory: 'c' has the type acme:index:BucketOfS3, ${told}`,
        `${BUCKET_RULE} advisory: 'a' and 1 more have the type acme:s3/bucket:Bucket, ${told}`,
      ]);
      const [found] = await evaluate(at("a"));
      expect(found?.message.split("\n")[1]).to.equal(
        "Only the account's public access block covers it: turn that on (aws.s3.AccountPublicAccessBlock).",
      );
    });

    for (const type of [
      ...["aws:s3/newBucket:NewBucket", "aws:s3/bucketV3:BucketV3", "aws-native:s3:BucketV2"],
      ...["aws:serverlessrepository/cloudFormationStack:CloudFormationStack"],
      ...["aws:servicecatalog/provisionedProduct:ProvisionedProduct"],
      "aws-native:servicecatalog:CloudFormationProvisionedProduct",
      "aws:index/serverlessapplicationrepositoryCloudformationStack:ServerlessapplicationrepositoryCloudformationStack",
      "aws:index/servicecatalogProvisionedProduct:ServicecatalogProvisionedProduct",
      ...["x:tf:aws_servicecatalog_provisioned_product", "aws:tf:aws_s3_bucket_v3"],
      ...["kubernetes:s3.services.k8s.aws/v1alpha1:Bucket", "kubernetes:s3.aws.upbound.io/v1beta2:Bucket"],
      ...["kubernetes:s3.aws.crossplane.io/v1beta1:Bucket", "kubernetes:s3.aws.m.upbound.io/v1beta1:Bucket"],
    ]) {
      it(`has one note where it is ${type}`, async () => {
        const at = (name: string): Resource => resource(type, { a: 1 }, { urn: urn(name, type) });
        expect(await heads(at("a"), at("b"))).to.deep.equal([
          `${BUCKET_RULE} advisory: 'a' and 1 more have the type ${type}, which can make an S3 bucket that this pack can't evaluate.`,
        ]);
      });
    }

    it("is evaluated in a Terraform module whose package is called aws", async () => {
      const type = "aws:tf:aws_s3_bucket";
      expect(await heads(resource(type, { bucket: "x" }))).to.deep.equal([
        isOpen("it", "no public access block targets it."),
      ]);
    });

    it("has none for components, and for types that only have such a name", async () => {
      const component: Resource = {
        type: "acme:s3:Bucket",
        urn: urn("c", "acme:s3:Bucket"),
        name: "c",
        props: {},
      };
      const others = [
        ...["aws:s3/directoryBucket:DirectoryBucket", "aws:s3/vectorsVectorBucket:VectorsVectorBucket"],
        ...[
          "aws:s3/bucketMetric:BucketMetric",
          "aws:s3control/bucket:Bucket",
          "aws:s3/accessPoint:AccessPoint",
        ],
        ...[
          "aws-native:s3tables:TableBucket",
          "aws-native:s3:StorageLens",
          "aws:servicecatalog/product:Product",
        ],
        ...["kubernetes:s3.aws.upbound.io/v1beta1:BucketPublicAccessBlock", "kubernetes:core/v1:Service"],
        "gcp:storage/bucket:Bucket",
        "my-s3-bucket:index:Module",
      ];
      expect(await heads(component, ...others.map((type) => resource(type, { a: 1 })))).to.deep.equal(PASSES);
    });

    it("is the staging bucket of the CDK, told by its name", async () => {
      const type = "aws:s3/bucketV2:BucketV2";
      const it = { ...resource(type, { bucket: "x" }), urn: urn("pulumi-cdk-app-staging", type) };
      const [found] = await evaluate(it);
      expect(found?.message.split("\n")[1]).to.equal(
        'It is the staging bucket of @pulumi/cdk, which makes no block for it: docs/recipes.md, "AWS CDK on Pulumi".',
      );
    });
  });

  it("is told why the block of an account that is named doesn't count", async () => {
    await pack.configure({ [BUCKET_RULE]: { props: { acceptAccountPublicAccessBlock: true } } });
    const type = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock";
    const account = resource(type, { ...ON, accountId: "123456789012" });
    const it = resource("aws:s3/bucket:Bucket", { bucket: "data" });
    const [found] = await evaluate(account, it);
    expect(found?.message.split("\n").slice(0, 3)).to.deep.equal([
      "Bucket 'it' can be opened to the public: no public access block targets it.",
      "The account's block 'it' isn't counted: nothing tells whether the accountId given there is the bucket's account.",
      "Leave accountId out, or add a block to the bucket.",
    ]);
    await pack.configure({});
  });

  it("is told so where the account isn't known yet, of several at once, and only where the option is on", async () => {
    const type = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock";
    const account = (name: string, accountId: Props[string]): Resource =>
      resource(type, { ...ON, accountId }, { urn: urn(name, type), name });
    const it = resource("aws:s3/bucket:Bucket", { bucket: "data" });
    const two = [account("a", "123456789012"), account("b", UNKNOWN)];
    const why = async (...accounts: Resource[]): Promise<string[]> => {
      const found = await evaluate(...accounts, it);
      return found.flatMap(({ message }) => message.split("\n").filter((line) => line.includes("account")));
    };
    expect(await why(...two)).to.deep.equal([]);
    await pack.configure({ [BUCKET_RULE]: { props: { acceptAccountPublicAccessBlock: true } } });
    expect(await why(...two)).to.deep.equal([
      "The account's blocks 'a' and 'b' aren't counted: nothing tells whether the accountId given there is the bucket's account.",
      "Leave accountId out, or add a block to the bucket.",
    ]);
    // A null is what a program gives that leaves it out.
    expect(await evaluate(account("c", null), it)).to.deep.equal([]);
    await pack.configure({});
  });

  it("isn't fixed at the level remediate, which knows the block of @pulumi/aws only", async () => {
    await pack.configure({ all: { level: "remediate" } });
    expect(await pack.remediate(stack(template({ Data: { Type: "AWS::S3::Bucket" } })))).to.deep.equal([]);
    expect(await pack.remediate(resource(BLOCK, { bucket: "data" }))).to.have.length(1);
    await pack.configure({});
  });
});

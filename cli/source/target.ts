import { ACCOUNT_BLOCK, BLOCK, fixesOf, isObject, quoted, typeIn, UNKNOWNS } from "../../policypack/face";
import type { Step } from "../gate/output";
import type { Finding } from "../report/report";
import POLICIES from "./policies.json";

/** A block of its own for the bucket that a call makes, properties of its resource to set to true, or a private ACL. */
export interface Wanted {
  readonly kind: "block" | "properties" | "private";
  /** As the AWS provider names them: `blockPublicAcls`. */
  readonly properties: readonly string[];
}

/** The fix of a finding, and the resource to fix, which isn't always the finding's own. */
export interface Target {
  readonly urn: string;
  readonly wanted: Wanted;
}

export const isFixedHere = (policy: string): boolean => POLICIES.block.includes(policy);

/** Undefined for what isn't fixed here. */
export function targetOf({ policy, type, published, kind, urn }: Finding, steps: readonly Step[]): Target | undefined {
  if (kind === "violation" && POLICIES.acl.includes(policy)) {
    const step = steps.find((each) => each.urn === urn);
    return isByCannedAcl(type, step) ? { urn, wanted: { kind: "private", properties: [] } } : undefined;
  }
  const fixes = published === undefined || !isFixedHere(policy) ? [] : fixesOf(published);
  const properties = [...new Set(fixes.flatMap((fix) => fix.properties))];
  if (properties.length === 0) return undefined;
  if (type === BLOCK || type === ACCOUNT_BLOCK) return { urn, wanted: { kind: "properties", properties } };
  if (!AWS_BUCKET.test(type)) return undefined;
  if (fixes.some((fix) => fix.kind === "add")) return { urn, wanted: { kind: "block", properties } };
  const bucket = steps.find((each) => each.urn === urn);
  const [block, ...others] = steps.filter((each) => typeIn(each.urn) === BLOCK && bucket && isOf(each, bucket));
  return block === undefined || others.length > 0
    ? undefined
    : { urn: block.urn, wanted: { kind: "properties", properties } };
}

const AWS_BUCKET = /^aws:s3\/bucket(V2)?:/;

/** Whether a resource is made from the bucket, or has its name. */
function isOf({ after: own }: Step, { urn, after: bucket }: Step): boolean {
  const from = own?.propertyDependencies.bucket;
  const name = bucket?.inputs.bucket;
  if (Array.isArray(from) && from.length > 0) return from.includes(urn);
  return typeof name === "string" && !UNKNOWNS.has(name) && own?.inputs.bucket === name;
}

const PUBLIC_POLICY = "s3-no-public-bucket-policy";
const WEBSITE = /^aws:s3\/bucketWebsiteConfiguration(V2)?:/;
/** Everybody in a statement's principal, and a statement that lets them in: in the JSON of a policy as any language writes it. */
const EVERYBODY = String.raw`Principal["']?\s*[:=](?:(?!Action|Resource)[^*,]){0,80}["']\*["']`;
const ALLOWED = String.raw`Effect["']?\s*[:=]\s*["']?Allow`;
const LETS_IN = new RegExp(
  `${ALLOWED}(?:(?!Effect)[^{}])*${EVERYBODY}|${EVERYBODY}[\\]}\\s]*(?:(?!Effect)[^{}])*${ALLOWED}`,
);
/** The flags that shut out whom a bucket policy lets in. */
const ON_POLICIES = new Set(["blockPublicPolicy", "restrictPublicBuckets"]);

/**
 * Why a target isn't changed if its bucket looks public on purpose. To lock it and leave its policy would be half a fix, since S3
 * refuses a public policy behind a block.
 * @param sourceOf where the program writes a policy that isn't known yet
 */
export function publicSites(findings: readonly Finding[], steps: readonly Step[], sourceOf: (urn: string) => string) {
  const byPolicy = findings.filter(({ policy }) => policy === PUBLIC_POLICY);
  const policies = new Map(byPolicy.map(({ urn, kind }) => [urn, kind === "unverified" ? "looks" : "is"]));
  const signs = steps.flatMap((step) => {
    const { website, websites } = step.after?.inputs ?? {};
    const is = policies.get(step.urn);
    if (is === "is" || (is !== undefined && LETS_IN.test(sourceOf(step.urn))))
      return { step, sign: `the policy of ${quoted(step.urn)} ${is} public` };
    const isWebsite = WEBSITE.test(typeIn(step.urn)) || (website ?? websites) !== undefined;
    return isWebsite ? { step, sign: `${quoted(step.urn)} configures a website` } : [];
  });
  return ({ urn, wanted: { kind, properties } }: Target): string | undefined => {
    if (signs.length === 0 || (kind === "properties" && !properties.some((each) => ON_POLICIES.has(each))))
      return undefined;
    const own = steps.find((each) => each.urn === urn);
    const bucket = steps.find((each) => AWS_BUCKET.test(typeIn(each.urn)) && own && (each === own || isOf(own, each)));
    const found = bucket && signs.find(({ step }) => step === bucket || isOf(step, bucket));
    return found && `${found.sign}, as for a public site: exempt it, or serve it through CloudFront (docs/recipes.md)`;
  };
}

/** The resources with an `acl` of their own; an object of a synced folder has its folder's. */
const WITH_ACL =
  /^(aws:s3\/(bucket(V2)?|bucketAcl(V2)?|bucketObject(v2)?|objectCopy):|synced-folder:index:S3BucketFolder$)/;

/** Their other properties that can make one of them public. */
const OTHERS = ["grants", "accessControlPolicy", "targetGrants"];

/** Whether the canned ACL is all that can be public of a resource. */
function isByCannedAcl(type: string, step: Step | undefined): boolean {
  const inputs = step?.after?.inputs;
  return WITH_ACL.test(type) && isObject(inputs) && OTHERS.every((other) => inputs[other] === undefined);
}

const WORD = /^(?:public-read(?:-write)?|authenticated-read)$/;
const MEMBER = /^([\w.]*\bCannedAcl\.?)(?:Public_?Read(?:_?Write)?|Authenticated_?Read)$/i;

/**
 * The same expression for the ACL `private`; undefined for one that isn't a public ACL in so many words. To leave it out would be
 * the same to S3, but the larger change.
 */
export function privateAcl(expression: string): string | undefined {
  const [, before = "", quote = "", word = "", behind = ""] =
    /^((?:(?:\w+\.)?String\()?)(["'`]?)([\w-]+)\2(\)?)$/.exec(expression) ?? [];
  if (WORD.test(word)) return `${before}${quote}private${quote}${behind}`;
  const [, holder] = MEMBER.exec(expression) ?? [];
  if (holder === undefined) return undefined;
  return `${holder}${/_|[A-Z]{6}$/.test(expression) ? "PRIVATE" : "Private"}`;
}

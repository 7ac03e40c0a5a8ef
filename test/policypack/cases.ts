/**
 * The cases of test/testdata: a YAML file per topic, in the folder of the verdict. They are the documentation of verdicts.
 *
 *     a bucket without a block:               # the case, as a sentence goes on after "passes" or "blocks"
 *       each: [a, b]                          # optional: once for each value, which stands where $each is; rows of names for several
 *       resources:
 *         data: {}                            # a bucket that complies as far as it can, with the name data-1a2b3c4
 *         lock: { locks: data, props: { … } } # a block on it by `bucket: data.id` with the four flags on, and these changes
 *         acl: { type: aws.s3.BucketAcl, props: { bucket: !of data, acl: $each } }
 *       config: { POLICY: { level: …, props: … } }
 *       findings:
 *         s3-no-public-acl acl: The ACL of …  # one line: the first one; several: all of them but how to exempt
 *         s3-no-public-acl acl (note): …      # advisory
 *         s3-no-public-acl stack#/Resources/Acl: …  # on a part of the resource
 *
 * Of a resource: `type`, `props` (null leaves one out), `from` (the resources that a property comes from), `provider` (properties
 * of a provider of its own, null for a component), `outputs` (in place of props at the end), `parent`, `ignoreChanges`, `bare` (without
 * the properties that a case needn't name). Values: `$unknown`, `!secret VALUE`, `!of NAME` (not known yet, and comes from that
 * resource), `!urn NAME`, `!json VALUE` (its text). Keys that begin with a dot hold what other cases take by an alias.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, type ScalarTag, type CollectionTag } from "yaml";
import {
  secret,
  UNKNOWN,
  type PolicyConfiguration,
  type Props,
  type Resource,
  type Value,
} from "../../harness/engine/analyzer";
import { isObject } from "../../policypack/shared/values";
import { block, bucket, BUCKET, provider } from "./resources";

const FOLDER = join(__dirname, "../testdata");

export type Verdict = "blocked" | "passed";

export interface Case {
  /** The file and the sentence. */
  readonly title: string;
  /** As Analyze has them, before each is made. */
  readonly inputs: readonly Resource[];
  /** As AnalyzeStack has them, at the end. */
  readonly outputs: readonly Resource[];
  readonly config: Readonly<Record<string, PolicyConfiguration>>;
  /** What is said, by policy and resource. */
  readonly findings: Readonly<Record<string, string>>;
}

interface Written {
  readonly each?: readonly unknown[];
  readonly resources: Readonly<Record<string, Described | null>>;
  readonly config?: Readonly<Record<string, PolicyConfiguration>>;
  readonly findings?: Readonly<Record<string, string>>;
}

interface Described {
  readonly type?: string;
  readonly locks?: string;
  readonly props?: Readonly<Record<string, unknown>>;
  readonly from?: Readonly<Record<string, readonly string[]>>;
  readonly provider?: (Props & { name?: string }) | null;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly parent?: string;
  readonly bare?: boolean;
  readonly ignoreChanges?: string[];
}

/** Stands for a value that isn't known yet and comes from another resource of the case. */
class Of {
  constructor(
    readonly name: string,
    readonly isUrn: boolean,
  ) {}
}
class Hidden {
  constructor(readonly value: unknown) {}
}

class Json {
  constructor(readonly value: unknown) {}
}

const scalar = (tag: string, resolve: (text: string) => unknown): ScalarTag => ({ tag, resolve });
const TAGS: (ScalarTag | CollectionTag)[] = [
  scalar("!of", (name) => new Of(name, false)),
  scalar("!urn", (name) => new Of(name, true)),
  scalar("!secret", (text) => new Hidden(parse(text))),
  ...(["map", "seq"] as const).map((collection): CollectionTag => ({
    ...{ tag: "!json", collection },
    resolve: (node) => new Json(node.toJSON()),
  })),
];

/** Every case with this verdict. */
export function casesOf(verdict: Verdict): Case[] {
  return readdirSync(join(FOLDER, verdict))
    .sort()
    .flatMap((file) => {
      const text = readFileSync(join(FOLDER, verdict, file), "utf8");
      const written = parse(text, { customTags: TAGS, merge: true, uniqueKeys: true }) as Record<
        string,
        Written
      >;
      return Object.entries(written)
        .filter(([title]) => !title.startsWith("."))
        .flatMap(([title, each]) => made(`${file.replace(/\.yaml$/, "")}: ${title}`, each));
    });
}

function made(title: string, { each = [undefined], ...written }: Written): Case[] {
  return each.map((row, at) => {
    const values = { unknown: UNKNOWN, ...(isObject(row) ? row : { each: row }) };
    const { resources, config = {}, findings = {} } = filledIn(written, values) as Written;
    const urns = new Map(
      Object.entries(resources).map(([name, described]) => [name, urnOf(name, described ?? {}, resources)]),
    );
    const all = Object.entries(resources).map(([name, described]) => resource(name, described ?? {}, urns));
    return {
      title: each.length === 1 ? title : `${title} (${at + 1})`,
      inputs: all.map(({ inputs }) => inputs),
      outputs: all.map(({ outputs }) => outputs),
      config,
      findings,
    };
  });
}

/** The value with `$name` replaced, as a whole or in a text. */
export function filledIn(value: unknown, values: Readonly<Record<string, unknown>>): unknown {
  if (typeof value === "string") {
    const whole = /^\$(\w+)$/.exec(value)?.[1];
    if (whole !== undefined && whole in values) return filledIn(values[whole], { unknown: UNKNOWN });
    return value.replace(/\$\{(\w+)\}/g, (as, name: string) => (name in values ? String(values[name]) : as));
  }
  if (value instanceof Of || typeof value === "symbol") return value;
  if (value instanceof Hidden) return new Hidden(filledIn(value.value, values));
  if (value instanceof Json) return JSON.stringify(filledIn(value.value, values));
  if (Array.isArray(value)) return value.map((each) => filledIn(each, values));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [filledIn(key, values) as string, filledIn(each, values)]),
  );
}

/** `aws.s3.Bucket` as its token `aws:s3/bucket:Bucket`; a token stays as it is. */
function typeOf({ type, locks }: Described): string {
  if (type === undefined)
    return locks === undefined ? BUCKET : typeOf({ type: "aws.s3.BucketPublicAccessBlock" });
  const [, pack, module, name] = /^(aws|aws-native)\.(\w+)\.(\w+)$/.exec(type) ?? [];
  if (pack === undefined || name === undefined) return type;
  return pack === "aws"
    ? `aws:${module}/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`
    : `${pack}:${module}:${name}`;
}

function urnOf(name: string, described: Described, all: Written["resources"]): string {
  const types = (each: Described): string =>
    (each.parent === undefined ? "" : `${types(all[each.parent] ?? {})}$`) + typeOf(each);
  return `urn:pulumi:dev::test::${types(described)}::${name}`;
}

function resource(
  name: string,
  described: Described,
  urns: ReadonlyMap<string, string>,
): { inputs: Resource; outputs: Resource } {
  const type = typeOf(described);
  const urn = urnIn(urns, name);
  const { props = {}, locks, bare = false, parent } = described;
  const from: Record<string, string[]> = {};
  const valuesOf = (given: Readonly<Record<string, unknown>>): Props =>
    Object.fromEntries(
      Object.entries(given)
        .filter(([, value]) => value !== null)
        .map(([key, value]) => {
          const sources: string[] = [];
          const plain = plainValue(value, urns, sources);
          if (sources.length > 0) from[key] = sources;
          return [key, plain];
        }),
    );
  const complying =
    bare || locks === undefined
      ? type === BUCKET || type === "aws:s3/bucketV2:BucketV2"
        ? bucket(name, { type })
        : { ...bucket(name, { type }), props: {} }
      : block(name, locks);
  if (locks !== undefined) from.bucket = [urnIn(urns, locks)];
  const changed = valuesOf(props);
  const dropped = Object.entries(props).flatMap(([key, value]) => (value === null ? [key] : []));
  const all: Props = { ...(bare ? {} : complying.props), ...changed };
  for (const key of dropped) Reflect.deleteProperty(all, key);
  for (const [key, names] of Object.entries(described.from ?? {}))
    from[key] = names.map((each) => urnIn(urns, each));
  const { name: own = "own", ...settings } = described.provider ?? {};
  const inputs: Resource = {
    ...complying,
    ...{ type, urn, name, props: all },
    ...(described.provider !== undefined && {
      provider: provider(plainValue(settings, urns, []) as Props, own),
    }),
    ...(parent !== undefined && { parent: urnIn(urns, parent) }),
    ...(described.ignoreChanges !== undefined && { options: { ignoreChanges: described.ignoreChanges } }),
    propertyDependencies: from,
    dependencies: [...new Set(Object.values(from).flat())],
  };
  if (described.provider === null) Reflect.deleteProperty(inputs, "provider");
  const outputs =
    described.outputs === undefined ? inputs : { ...inputs, props: valuesOf(described.outputs) };
  return { inputs, outputs };
}

/** A resource that isn't one of the case is one that the program only reads. */
function urnIn(urns: ReadonlyMap<string, string>, name: string): string {
  return urns.get(name) ?? `urn:pulumi:dev::test::${BUCKET}::${name}`;
}

function plainValue(value: unknown, urns: ReadonlyMap<string, string>, sources: string[]): Value {
  if (value instanceof Of) {
    if (value.isUrn) return urnIn(urns, value.name);
    sources.push(urnIn(urns, value.name));
    return UNKNOWN;
  }
  if (value instanceof Hidden) return secret(plainValue(value.value, urns, sources));
  if (Array.isArray(value)) return value.map((each) => plainValue(each, urns, sources));
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, plainValue(each, urns, sources)]),
    );
  }
  return value as Value;
}

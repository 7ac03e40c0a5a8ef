/**
 * The cases of test/testdata: a YAML file per topic, in the folder of the verdict. They are the documentation of verdicts.
 *
 *     a bucket without a block:               # the case, as a sentence goes on after "passes" or "blocks"
 *       each: [a, b]                          # optional: once for each value, which stands where $each is; rows of names for several
 *       each: { acl: [a, b], type: [c, d] }   # or once for each combination
 *       doors: s3-no-public-acl               # once for each $type and $property that docs/public-access-properties.yaml gives a policy;
 *       doors: { policy: …, place: uri$ }     # with each $place on the way to the property that matches; $of is "bucket" or "access point"
 *       resources:
 *         data: {}                            # a bucket that complies as far as it can, with the name data-1a2b3c4
 *         lock: { locks: data, props: { … } } # a block on it by `bucket: data.id` with the four flags on, and these changes
 *         acl: { type: aws.s3.BucketAcl, props: { bucket: !of data, acl: $each } }
 *         door: { type: $type, props: { "grants[].uri": … } }      # a way into a value
 *       config: { POLICY: { level: …, props: … } }
 *       findings:
 *         s3-no-public-acl acl: The ACL of …  # one line: the first one; several: all of them but how to exempt, `...` is any lines
 *         s3-no-public-acl acl (note): …      # advisory
 *         s3-no-public-acl: …                 # of no resource
 *       exempt: [s3-no-public-acl acl, …]     # optional: what the finding with several says to exempt
 *       remediated: { lock: { … } }           # optional: which resources are changed before they are made, and to what
 *       run: update                           # in place of a preview; or "state": of a pack that nothing else was shown
 *
 * Of a resource: `type`, `props` (null leaves one out), `secret` (the way to one that is a secret), `from` (the resources that a
 * property comes from), `provider` (properties of a provider of its own; null for none), `outputs` (in place of props at the end),
 * `parent`, `ignoreChanges`, `bare` (without the properties that a case needn't name), `unseen` (shown at the end only).
 * Keys that begin with a dot hold what other cases take by an alias. Values: `!json VALUE` (its text), `$unknown`, `$null`, those of values.yaml, `!secret VALUE`, `!of NAME` (not known yet, and comes from that resource), `!urn NAME`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, type CollectionTag, type ScalarTag } from "yaml";
import {
  secret,
  UNKNOWN,
  type PolicyConfiguration,
  type Props,
  type Resource,
  type Value,
} from "../harness/engine/analyzer";
import { PROPERTIES } from "../docs/properties";
import { isObject } from "../../policypack/lib/values";
import { block, bucket, BUCKET, provider } from "./resources";

/** The one type that isn't among those in the URNs of its children. */
const STACK = "pulumi:pulumi:Stack";
const FOLDER = join(__dirname, "../testdata");

export type Verdict = "blocked" | "passed";

export interface Case {
  /** The file and the sentence. */
  readonly title: string;
  /** The values of its row. */
  readonly row: string;
  /** Each of them, but where on a resource they are. */
  readonly marks: readonly string[];
  /** As Analyze has them, before each is made. */
  readonly inputs: readonly Resource[];
  /** As AnalyzeStack has them, at the end. */
  readonly outputs: readonly Resource[];
  readonly config: Readonly<Record<string, PolicyConfiguration>>;
  /** What is said, by policy and resource. */
  readonly findings: Readonly<Record<string, string>>;
  readonly exempt?: readonly string[];
  readonly remediated?: Readonly<Record<string, Props>>;
  readonly run: "preview" | "update" | "state";
}

type Row = Readonly<Record<string, unknown>>;

interface Written {
  readonly resources: Readonly<Record<string, Described | null>>;
  readonly config?: Case["config"];
  readonly findings?: Case["findings"];
  readonly exempt?: readonly string[];
  readonly remediated?: Readonly<Record<string, Row>>;
  readonly run?: Case["run"];
}
interface Rows {
  readonly each?: readonly unknown[] | Readonly<Record<string, readonly unknown[]>>;
  readonly doors?: string | { readonly policy: string; readonly place?: string; readonly services?: boolean };
}

interface Described {
  readonly type?: string;
  readonly locks?: string;
  readonly props?: Row;
  readonly secret?: string;
  readonly from?: Readonly<Record<string, readonly string[]>>;
  readonly provider?: (Props & { name?: string }) | null;
  readonly outputs?: Row;
  readonly parent?: string;
  readonly bare?: boolean;
  readonly unseen?: boolean;
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
/** Stands for the null that a program gives, which isn't the same as to leave a property out. */
const NULL = Symbol("null");

const isRow = (value: unknown): value is Row =>
  isObject(value) && !(value instanceof Of) && !(value instanceof Hidden) && !(value instanceof Json);

const scalar = (tag: string, resolve: (text: string) => unknown): ScalarTag => ({ tag, resolve });
const customTags: (ScalarTag | CollectionTag)[] = [
  scalar("!of", (name) => new Of(name, false)),
  scalar("!urn", (name) => new Of(name, true)),
  scalar("!secret", (text) => new Hidden(parse(text))),
  ...(["map", "seq"] as const).map((collection): CollectionTag => ({
    ...{ tag: "!json", collection },
    resolve: (node) => new Json(node.toJSON()),
  })),
];
const read = (file: string): unknown =>
  parse(readFileSync(join(FOLDER, file), "utf8"), { customTags, merge: true, maxAliasCount: -1 });

const SHARED: Row = { unknown: UNKNOWN, null: NULL };
const VALUES = { ...SHARED, ...(filledIn(read("values.yaml"), SHARED) as Row) };

/** The cases with this verdict, by their titles: one for each row. */
export function casesOf(verdict: Verdict): ReadonlyMap<string, readonly Case[]> {
  const files = readdirSync(join(FOLDER, verdict)).sort();
  return new Map(
    files.flatMap((file) =>
      Object.entries(read(`${verdict}/${file}`) as Record<string, Written & Rows>)
        .filter(([sentence]) => !sentence.startsWith("."))
        .map(([sentence, { each, doors, ...written }]) => {
          const title = `${file.replace(/\.yaml$/, "")}: ${sentence}`;
          const rows = rowsOf({ each, doors });
          if (rows.length === 0) throw new Error(`${title}: there is no row`);
          return [title, rows.map((row) => made(title, written, row))];
        }),
    ),
  );
}

function rowsOf({ each = [undefined], doors }: { [K in keyof Rows]: Rows[K] | undefined }): Row[] {
  const filled = filledIn(each, VALUES);
  const lists = Object.entries(Array.isArray(filled) ? { each: filled } : (filled as Row)) as [string, unknown[]][];
  return lists.reduce<Row[]>(
    (rows, [name, list]) =>
      rows.flatMap((row) => list.map((value) => ({ ...row, ...(isRow(value) ? value : { [name]: value }) }))),
    doors === undefined ? [{}] : doorRows(doors),
  );
}

/** A property of a resource type: `grants[].uri` is the `uri` of an object in the list `grants`. */
interface Door {
  readonly type: string;
  readonly property: string;
}

/** The properties that the table gives to a policy: of what is like a bucket, or of the services that write to one. */
function doorsOf(policy: string, isOfServices: boolean): Door[] {
  const doors = PROPERTIES.filter(({ type, by }) => by.includes(policy) && isOfServices !== LIKE_S3.test(type)).flatMap(
    ({ type, properties }) => properties.map((property) => ({ type, property })),
  );
  if (doors.length === 0) throw new Error(`docs/public-access-properties.yaml has no property for ${policy}`);
  return doors;
}
const LIKE_S3 = /^aws(?:-native)?:(?:s3|glacier|mediastore|omics)/;
const ATTACHED = { vault: "vault", container: "container", accesspoint: "access point", omics: "access point" };
const attachedTo = (type: string): string =>
  Object.entries(ATTACHED).find(([part]) => type.toLowerCase().includes(part))?.[1] ?? "bucket";

/** The places on the way to a property, such as `grants`, `grants[]` and `grants[].uri`. */
function placesOf(property: string): string[] {
  const steps = property.match(/\[\]|\.?\w+/g) ?? [];
  return steps.map((_, index) => steps.slice(0, index + 1).join(""));
}

const DOOR = ["type", "property", "place", "of"];

function doorRows(doors: NonNullable<Rows["doors"]>): Row[] {
  const { policy, place, services = false } = typeof doors === "string" ? { policy: doors } : doors;
  const wanted = place === undefined ? undefined : new RegExp(place);
  return doorsOf(policy, services).flatMap(({ type, property }) =>
    placesOf(property)
      .filter((at) => wanted?.test(at) ?? at === property)
      .map((at) => ({ type, property, place: at, of: attachedTo(type) })),
  );
}

function made(title: string, written: Written, row: Row): Case {
  const filled = filledIn(written, { ...VALUES, ...row }) as Written;
  const { resources, config = {}, findings = {}, exempt, remediated, run = "preview" } = filled;
  const names = Object.keys(resources);
  const urns = new Map(names.map((name) => [name, urnOf(name, resources)]));
  const all = names.map((name) => resource(name, resources[name] ?? {}, urns));
  const text = (value: unknown) =>
    JSON.stringify(value, (_, it: unknown) => (typeof it === "symbol" ? String(it) : it));
  const values = Object.entries(row).filter(([name]) => !("property" in row && DOOR.includes(name)));
  return {
    ...{ title, row: text(row), marks: values.map(text) },
    inputs: all.filter((_, at) => resources[names[at] ?? ""]?.unseen !== true).map(({ inputs }) => inputs),
    outputs: all.map(({ outputs }) => outputs),
    config: plainValue(config, urns, []) as Props as Case["config"],
    ...{ findings, run },
    ...(exempt && { exempt }),
    ...(remediated && { remediated: plainValue(remediated, urns, []) as Record<string, Props> }),
  };
}

/** The value with `$name` replaced, as a whole or in a text. */
export function filledIn(value: unknown, values: Row): unknown {
  if (typeof value === "string") {
    const whole = /^\$(\w+)$/.exec(value)?.[1];
    if (whole !== undefined && whole in values) return filledIn(values[whole], SHARED);
    if (whole !== undefined) throw new Error(`no value is called ${whole}`);
    return value.replace(/\$\{(\w+)\}/g, (as, name: string) => (name in values ? String(values[name]) : as));
  }
  if (value instanceof Hidden) return new Hidden(filledIn(value.value, values));
  if (value instanceof Json) return JSON.stringify(filledIn(value.value, values));
  if (Array.isArray(value)) return value.map((each) => filledIn(each, values));
  if (!isRow(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [filledIn(key, values) as string, filledIn(each, values)]),
  );
}

/** `aws.s3.Bucket` as its token `aws:s3/bucket:Bucket`; a token stays as it is. */
function typeOf({ type, locks }: Described): string {
  if (type === undefined) return locks === undefined ? BUCKET : typeOf({ type: "aws.s3.BucketPublicAccessBlock" });
  const [, pack, module, name] = /^(aws|aws-native)\.(\w+)\.(\w+)$/.exec(type) ?? [];
  if (pack === undefined || name === undefined) return type;
  return pack === "aws"
    ? `aws:${module}/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`
    : `${pack}:${module}:${name}`;
}

function urnOf(name: string, all: Written["resources"]): string {
  const typesOf = (each: string): string => {
    const described = all[each] ?? {};
    const above = described.parent === undefined ? STACK : typesOf(described.parent);
    return above === STACK ? typeOf(described) : `${above}$${typeOf(described)}`;
  };
  return `urn:pulumi:dev::test::${typesOf(name)}::${name}`;
}

/** The value with another one at a way into it: `grants[].uri` is the `uri` of an object in the list `grants`. */
export function changedAt(old: unknown, way: readonly string[], change: (old: unknown) => unknown): unknown {
  const [step, ...rest] = way;
  if (step === undefined) return change(old);
  if (step === "[]") return [changedAt(Array.isArray(old) ? old[0] : undefined, rest, change)];
  const object = isRow(old) ? old : {};
  return { ...object, [step]: changedAt(object[step], rest, change) };
}
export const stepsOf = (way: string): string[] => (/\.|\[\]/.test(way) ? (way.match(/\[\]|[^.[\]]+/g) ?? []) : [way]);

function resource(
  name: string,
  described: Described,
  urns: ReadonlyMap<string, string>,
): { inputs: Resource; outputs: Resource } {
  const type = typeOf(described);
  const { props = {}, locks, bare = false, parent } = described;
  const from: Record<string, string[]> = {};
  const valuesOf = (given: Row): Props =>
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
  const hasName = type === BUCKET || type === "aws:s3/bucketV2:BucketV2";
  const complying =
    !bare && locks !== undefined ? block(name, locks) : { ...bucket(name, { type }), ...(!hasName && { props: {} }) };
  if (locks !== undefined) from.bucket = [urnIn(urns, locks)];
  const reached = Object.entries(props).reduce<unknown>(
    (made, [key, value]) => changedAt(made, stepsOf(key), () => value),
    {},
  ) as Row;
  const { secret: hidden } = described;
  const written =
    hidden === undefined ? reached : (changedAt(reached, stepsOf(hidden), (value) => new Hidden(value)) as Row);
  const all: Props = { ...(bare ? {} : complying.props), ...valuesOf(written) };
  for (const [key, value] of Object.entries(written)) if (value === null) Reflect.deleteProperty(all, key);
  for (const [key, names] of Object.entries(described.from ?? {})) from[key] = names.map((each) => urnIn(urns, each));
  const { name: own = "own", ...settings } = described.provider ?? {};
  const { provider: known, ...others } = complying;
  const inputs: Resource = {
    ...others,
    ...{ type, urn: urnIn(urns, name), name, props: all },
    ...(described.provider === undefined
      ? known && { provider: known }
      : described.provider !== null && { provider: provider(plainValue(settings, urns, []) as Props, own) }),
    ...(parent !== undefined && { parent: urnIn(urns, parent) }),
    ...(described.ignoreChanges !== undefined && { options: { ignoreChanges: described.ignoreChanges } }),
    propertyDependencies: from,
    dependencies: [...new Set(Object.values(from).flat())],
  };
  const outputs = described.outputs === undefined ? inputs : { ...inputs, props: valuesOf(described.outputs) };
  return { inputs, outputs };
}

/** A resource that isn't one of the case is one that the program only reads. */
function urnIn(urns: ReadonlyMap<string, string>, name: string): string {
  return urns.get(name) ?? `urn:pulumi:dev::test::${BUCKET}::${name}`;
}

function plainValue(value: unknown, urns: ReadonlyMap<string, string>, sources: string[]): Value {
  if (value === NULL) return null;
  if (value instanceof Of) {
    if (value.isUrn) return urnIn(urns, value.name);
    sources.push(urnIn(urns, value.name));
    return UNKNOWN;
  }
  if (value instanceof Hidden) return secret(plainValue(value.value, urns, sources));
  if (Array.isArray(value)) return value.map((each) => plainValue(each, urns, sources));
  if (isRow(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plainValue(each, urns, sources)]));
  }
  return value as Value;
}

/** How a case calls a finding: by policy and resource. */
export function keyOf(policy: string, urn: string, isNote: boolean): string {
  // What a desiredState says twice is reported on the whole resource.
  const name = urn.split("::").slice(3).join("::").replace("#/desiredState", "");
  return `${policy}${name && ` ${name}`}${isNote ? " (note)" : ""}`;
}

/** A message, as a case has it: the first line where that is one, else all but how to exempt, and but what `...` stands for. */
function asWritten(message: string, expected = ""): string {
  const lines = message.split("\n");
  if (!expected.includes("\n")) return lines[0] ?? "";
  const whole = lines.filter((line) => !/^If it .*, exempt it with a reason, |^Address: /.test(line));
  const parts = expected.trimEnd().split("\n");
  const gap = parts.indexOf("...");
  if (gap === -1) return `${whole.join("\n")}\n`;
  const after = parts.length - gap - 1;
  return `${[...whole.slice(0, gap), "...", ...whole.slice(after === 0 ? whole.length : -after)].join("\n")}\n`;
}

/** What was found, as a case has it. */
export function said(
  found: readonly { policy: string; level: string; urn: string; message: string }[],
  expected: Case["findings"],
): Record<string, string> {
  const texts = new Map<string, string>();
  for (const { policy, level, urn, message } of found) {
    // What is inside of a resource is reported on it.
    const [, part = ""] = /'[^'#]*(#\/[^']*)'/.exec(message.split("\n", 1)[0] ?? "") ?? [];
    const key = keyOf(policy, urn.replace(part, "") + part, level === "advisory");
    texts.set(texts.has(key) ? `${key} again` : key, asWritten(message, expected[key]));
  }
  return Object.fromEntries(texts);
}

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { config, expect } from "chai";
import fc from "fast-check";
import { NO_CONFIG, readConfig } from "../../../cli/config";
import { readState } from "../../../cli/audit/state";
import { evaluate } from "../../../cli/audit/verdicts";
import { read } from "../../../policypack/findings/text";
import { ROOT } from "../../harness/engine/paths";
import { violationsIn } from "../../harness/engine/run";
import { workspace, type Workspace } from "../../harness/engine";
import type { Resource } from "../../harness/engine/analyzer";
import { Secret, UNKNOWN, type Value } from "../../harness/engine/values";
import { casesOf } from "../../policypack/cases";
import { BLOCK, bucket, BUCKET, exported, provider, PROVIDER, urnOf, type Entry, type Props } from "./states";
import { tempFolder } from "../../temp-folder";

config.truncateThreshold = 0;

/*
 * What the audit makes of a state is what `pulumi policy analyze --file` makes of it with the pack, in words and all, but
 * that a bucket and its block are one fault to the audit, as they are in a preview (saidOnce). The
 * states are generated: many small families of resources in each, since every run of the CLI takes seconds. FC_SEED replays
 * a run, FC_FACTOR makes it longer.
 */
const SEED = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);
const STATES = Math.ceil(5 * Number(process.env.FC_FACTOR ?? 1));
const FAMILIES = 60;

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const encrypted = { [SIGNATURE]: SECRET, ciphertext: "v1:c2FsdA==:bm90aGluZw==" };
const secret = (value: unknown): Props => ({ [SIGNATURE]: SECRET, plaintext: JSON.stringify(value) });
const reference = (urn: string, id?: string): Props => ({
  [SIGNATURE]: "5cf8f73096256a8f31e491e813e4eb8e",
  urn,
  ...(id === undefined ? {} : { id }),
});
const COMPUTED = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const flag = fc.oneof(
  { weight: 16, arbitrary: fc.constant<unknown>(true) },
  fc.constantFrom<unknown>(false, undefined, null, "true", 1, COMPUTED, encrypted, secret(true), secret(false)),
);
const flags = fc
  .record({ blockPublicAcls: flag, ignorePublicAcls: flag, blockPublicPolicy: flag, restrictPublicBuckets: flag })
  .map((all): Props => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)));

const way = fc.constantFrom("reference", "name", "both", "secret", "computed", "other", "object", "none");
const kind = fc.constantFrom(BUCKET, BUCKET, BUCKET, "aws:s3/bucketV2:BucketV2", "aws-native:s3:Bucket");
const told = fc.constantFrom("both", "both", "both", "both", "inputs", "outputs", "internals", "nothing");
// A custom resource has a provider in any state of today; one without is a component to the engine.
const home = fc.constantFrom("default", "default", "default", "china", "open", "secret");
const chance = (percent: number): fc.Arbitrary<boolean> => fc.nat(99).map((number) => number < percent);

/** The resources of a case of test/testdata, as a state has them after an update. */
function caseEntries(resources: readonly Resource[], number: number): Entry[] {
  const entries = resources.map(({ urn, type, props, provider, name: id, options, ...rest }) => {
    const custom = provider !== undefined;
    const inputs = inState(props) as Props;
    const own = { urn, type, custom, inputs, outputs: inputs, ...rest, ...options };
    return custom ? { ...own, id, provider: `${urnOf("default", PROVIDER)}::a` } : own;
  });
  // No other case of the state has these names.
  const text = JSON.stringify(entries).replaceAll(/urn:pulumi:dev::test::[^"\\]*/g, `$&-case${number}`);
  return JSON.parse(text.replaceAll("1a2b3c4", `1a2b3c4-case${number}`)) as Entry[];
}

function inState(value: Value): unknown {
  if (value === UNKNOWN) return COMPUTED;
  if (value instanceof Secret) return encrypted;
  if (Array.isArray(value)) return value.map(inState);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inState(each)]));
}

/** Without those of a resource that a state says nothing of, which is to policy analyze what `--target` leaves out. */
const isTold = ({ provider, props }: Resource): boolean => provider === undefined || Object.keys(props).length > 0;
const CASES = (["blocked", "passed"] as const)
  .flatMap((verdict) => [...casesOf(verdict)].flatMap(([, rows]) => rows.map(({ outputs }) => outputs)))
  .filter((outputs) => outputs.every(isTold));

const family = fc.record({
  kind,
  others: fc.constantFrom(...CASES),
  way,
  flags,
  bucketTold: told,
  blockTold: told,
  bucketHome: home,
  blockHome: home,
  isNamed: chance(80),
  hasBlock: chance(85),
  isDeleted: chance(8),
  isExternal: chance(8),
  blockIsExternal: chance(8),
  ignores: chance(10),
  replaced: chance(10),
  account: fc.option(flags, { nil: undefined, freq: 12 }),
});
const ACCOUNT = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock";
type Family = typeof family extends fc.Arbitrary<infer T> ? T : never;

const PROVIDERS: Record<string, Props> = {
  default: { region: "eu-west-1", __internal: {} },
  china: { region: "cn-north-1" },
  open: { region: COMPUTED },
  secret: { region: "eu-west-1", assumeRole: encrypted },
};

const providerEntries = Object.entries(PROVIDERS).map(([name, inputs]): Entry => {
  return { ...provider(inputs), urn: urnOf(name, PROVIDER), id: "a" };
});

function entry(name: string, type: string, at: string, tells: string, inputs: Props, outputs: Props): Entry {
  const parts: Record<string, Props> = {
    both: { inputs: { __defaults: [], ...inputs }, outputs },
    inputs: { inputs, outputs: {} },
    outputs: { inputs: {}, outputs },
    internals: { inputs: { __defaults: [] }, outputs: { __meta: "{}" } },
    nothing: {},
  };
  // What a state says nothing of is to policy analyze what `--target` leaves out, unless its provider couldn't be asked.
  const given = parts[tells] ?? {};
  const keys = Object.values(given).flatMap((props) => Object.keys(props as Props));
  const isSkipped = keys.every((key) => key.startsWith("__")) && at !== "open";
  return {
    ...{ urn: urnOf(name, type), custom: true, id: name, type },
    provider: `${urnOf(at, PROVIDER)}::a`,
    ...(isSkipped ? parts.both : given),
  };
}

/** A bucket, and what there is of it, with names that no other family has. */
function entriesOf(one: Family, number: number): Entry[] {
  const name = `data${number}`;
  const actual = `${name}-1a2b3c4`;
  const isNative = one.kind === "aws-native:s3:Bucket";
  const inline = isNative && one.hasBlock ? { publicAccessBlockConfiguration: one.flags } : {};
  const inputs = { [isNative ? "bucketName" : "bucket"]: actual, ...inline };
  const partition = one.bucketHome === "china" ? "aws-cn" : "aws";
  const outputs = {
    ...inputs,
    ...(one.isNamed ? { id: actual, arn: `arn:${partition}:s3:::${actual}` } : { bucket: COMPUTED }),
  };
  const bucket = {
    ...entry(name, one.kind, one.bucketHome, one.bucketTold, one.isNamed ? inputs : inline, outputs),
    ...(one.isDeleted ? { delete: true } : {}),
    ...(one.isExternal ? { external: true } : {}),
  };
  const values: Record<string, [unknown, boolean]> = {
    reference: [COMPUTED, true],
    name: [actual, false],
    both: [actual, true],
    secret: [one.isNamed ? secret(actual) : encrypted, false],
    computed: [COMPUTED, false],
    other: [`${actual}-logs`, true],
    object: [reference(bucket.urn, actual), true],
    none: [undefined, false],
  };
  const [target, refers] = values[one.way] ?? [undefined, false];
  const own = { ...(target === undefined ? {} : { bucket: target }), ...one.flags };
  const block = {
    ...entry(`lock${number}`, BLOCK, one.blockHome, one.blockTold, own, { id: actual, ...own }),
    ...(refers ? { dependencies: [bucket.urn], propertyDependencies: { bucket: [bucket.urn] } } : {}),
    ...(one.ignores ? { ignoreChanges: ["bucket"] } : {}),
    ...(one.blockIsExternal ? { external: true } : {}),
  };
  return [
    bucket,
    ...(one.replaced ? [{ ...bucket, delete: true }] : []),
    ...(one.hasBlock && !isNative ? [block] : []),
    ...(one.account === undefined
      ? []
      : [entry(`account${number}`, ACCOUNT, one.blockHome, one.blockTold, one.account, one.account)]),
    entry(`other${number}`, "aws:sqs/queue:Queue", one.blockHome, one.blockTold, { name: encrypted }, {}),
    ...caseEntries(one.others, number),
  ];
}

/** States before version 3 have no secrets. */
function known(resources: readonly Entry[], version: number): Entry[] {
  const text = JSON.stringify(resources);
  const told = version < 3 ? text.replaceAll(JSON.stringify(encrypted), JSON.stringify(COMPUTED)) : text;
  return JSON.parse(told) as Entry[];
}

const EXEMPTIONS = {
  all: { enforcementLevel: "mandatory", contact: "#cloud-security" },
  "s3-bucket-public-access-block": {
    acceptAccountPublicAccessBlock: true,
    exemptions: [
      { urn: "urn:pulumi:dev::shop::**::data1*", reason: "reviewed" },
      { urn: urnOf("data2"), reason: "was reviewed", expires: "2020-01-01" },
    ],
  },
  "s3-no-public-acl": "advisory",
  "s3-no-public-bucket-policy": "disabled",
};

const isOfAws = (type: unknown): boolean => /^aws(-native)?:/.test(String(type));

type Said = [policy: string, urn: string, level: string, message: string];

/** What only one of the two says, or says more often. */
function differences(audit: readonly Said[], analyze: readonly Said[]): Record<string, string[]> {
  const [ours, theirs] = [audit, analyze].map((all) => all.map((each) => each.join("\n")));
  const without = (one: readonly string[] = [], other: readonly string[] = []): string[] => {
    const left = [...other];
    return one.filter((each) => {
      const at = left.indexOf(each);
      if (at !== -1) left.splice(at, 1);
      return at === -1;
    });
  };
  return { audit: without(ours, theirs), analyze: without(theirs, ours) };
}

/**
 * Without what is said twice: `policy analyze` reports the block beside the bucket that is open for the flags of that
 * block, where a preview and the audit report the bucket alone. By the words of the bucket's finding, which names its blocks.
 */
function saidOnce(all: readonly Said[]): Said[] {
  const told = new Set(
    all.flatMap(([policy, , level, message]) => {
      if (policy !== "s3-bucket-public-access-block" || level !== "mandatory") return [];
      const [, blocks = ""] = /public access block (.*) do(?:es)?n't have the four flags on\./.exec(message) ?? [];
      return [...blocks.matchAll(/'([^']*)'/g)].map(([, name]) => name);
    }),
  );
  return all.filter(([policy, urn]) => policy !== "s3-public-access-block-flags" || !told.has(urn.split("::").at(-1)));
}

describe("The audit's verdicts and those of pulumi policy analyze", () => {
  let stack: Workspace;
  let folder: string;
  before(async () => {
    console.log(`    seed ${SEED}; FC_SEED=${SEED} replays it`);
    stack = await workspace("test/harness/programs/bucket");
    folder = tempFolder("audit");
    writeFileSync(join(folder, "config.json"), JSON.stringify(EXEMPTIONS));
  });
  after(async () => {
    await stack.remove();
  });

  /** The passphrase is wrong, so that the CLI has to do without what is encrypted, too. */
  const secrets_providers = {
    type: "passphrase",
    state: { salt: "v1:CM8h52rPl6A=:v1:swc5+u/7lgiO5hk8:JWXiGfndr5M2D5aCRpfT23j+mecN2g==" },
  };

  async function analyzed(resources: readonly Entry[], version: number, isConfigured: boolean): Promise<Said[]> {
    const file = join(folder, "state.json");
    writeFileSync(file, JSON.stringify({ version, deployment: { manifest: {}, secrets_providers, resources } }));
    const { stdout, stderr } = await stack.pulumi(
      [
        ...["policy", "analyze", "--json", "--file", file, "--policy-pack", ROOT],
        ...(isConfigured ? ["--policy-pack-config", join(folder, "config.json")] : []),
      ],
      { env: { PULUMI_CONFIG_PASSPHRASE: "wrong" } },
    );
    const lines = stdout.split("\n").filter(Boolean);
    const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    if (!events.some((event) => event.summaryEvent)) throw new Error(`the analysis failed: ${stderr}`);
    return violationsIn(events).map(({ policy, urn, level, message }) => [
      ...([policy, read(message).address ?? urn, level] as const),
      message.replace(/\n(If it must be \w+, exempt it|Address: )[^]*/, "").trim(),
    ]);
  }

  function audited(resources: readonly Entry[], version: number, isConfigured: boolean): Said[] {
    const configured = isConfigured ? readConfig(JSON.stringify(EXEMPTIONS)) : NO_CONFIG;
    const today = new Date().toISOString().slice(0, 10);
    return evaluate(readState(exported(resources, version)), configured, today).verdicts.map(
      ({ policy, urn, blocks, message }) => [policy, urn, blocks ? "mandatory" : "advisory", message],
    );
  }

  it("are the same, word for word, but for what the program only reads, and what is said twice there", async () => {
    const kinds = new Set<string>();
    let count = 0;
    const several = fc.array(family, { minLength: FAMILIES, maxLength: FAMILIES });
    for (const [at, families] of fc.sample(several, { numRuns: STATES, seed: SEED }).entries()) {
      const version = [3, 3, 2, 1, 3][at % 5] ?? 3;
      const all = known([...providerEntries, ...families.flatMap(entriesOf)], version);
      // The CLI reads a state of version 1 as one in which nothing has a provider, so that the pack takes a component for a bucket.
      const resources = version === 1 ? all.filter(({ custom, type }) => custom !== false || !isOfAws(type)) : all;
      const isConfigured = at % 2 === 1;
      // Before version 2 a state doesn't tell what is only read.
      const managed = version === 1 ? resources : resources.filter(({ external }) => external !== true);
      const expected = saidOnce(await analyzed(managed, version, isConfigured));
      // A finding of more than a few weak blocks names some only, so that it can't be seen which are said twice.
      const isCut = expected.some(([, , , message]) => /and \d+ more don't have the four flags on\./.test(message));
      const isCompared = ([policy]: Said): boolean => !isCut || policy !== "s3-public-access-block-flags";
      const ours = audited(resources, version, isConfigured).filter(isCompared);
      const found = differences(ours, expected.filter(isCompared));
      expect(found, `state ${at}`).to.deep.equal({ audit: [], analyze: [] });
      count += expected.length;
      for (const [policy, , level, message] of expected) {
        kinds.add(`${policy} ${level} ${message.split("\n", 1)[0]?.replace(/'[^']*'/g, "") ?? ""}`);
      }
    }
    console.log(`      ${count} findings of ${kinds.size} kinds in ${STATES} states`);
    expect(count).to.be.greaterThan(STATES * 50);
    expect(kinds.size).to.be.greaterThan(40);
  });

  it("differ for a bucket that the program only reads, which policy analyze takes for one of its own", async () => {
    const resources = [provider(), bucket("data", { external: true })];
    const theirs = (await analyzed(resources, 3, false)).map(([policy]) => policy);
    expect([theirs, audited(resources, 3, false)]).to.deep.equal([["s3-bucket-public-access-block"], []]);
  });
});

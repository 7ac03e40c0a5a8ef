import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfigs } from "../../../cli/config";
import { lostFindings } from "../../../cli/gate/lost-findings";
import type { Json, Step } from "../../../cli/gate/output";
import { report } from "../../../cli/gate/verdict";
import type { Finding } from "../../../cli/report/report";
import { GUESSED, LANGUAGES } from "../../../policypack/languages";
import { events as read } from "./log";
import { ruleOf } from "../../../cli/report/rules";
import { blankState, violationNowhere } from "../report/builders";

const STACK = "urn:pulumi:dev::shop::";
const DATA = `${STACK}aws:s3/bucket:Bucket::data`;
const block = (name: string): string => `${STACK}aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock::${name}`;
const POLICY = "s3-bucket-public-access-block";
const OWN = { name: "s3-public-access-block", version: "1.0.0", isLocal: true, path: "/own" };

const state = blankState({
  ...{ id: "the-data", inputs: { bucket: "the-data" }, outputs: { bucket: "the-data" }, provider: "urn:p::1" },
});
const common = { frames: [], changes: [] };
const bucket: Step = { ...common, op: "same", urn: DATA, after: state };
const gone: Step = { ...common, op: "delete", urn: block("old"), before: state };
const renamed: Step[] = [bucket, { ...common, op: "create", urn: block("new"), after: state }, gone];
const dropped: Step[] = [bucket, gone];

const NONE = { of: () => undefined };

/** What is lost under a configuration of the pack in /own. */
function lost(
  config: Json | undefined,
  { steps = renamed, told = [] as Finding[], packs = [OWN], language = LANGUAGES.javascript } = {},
) {
  const of = (path: string): Json | undefined => (path === "/own" ? config : undefined);
  return lostFindings(steps, packs, told, { of }, () => language);
}
/** Whether each blocks, its kind, and the message's end. */
function found(...given: Parameters<typeof lost>): unknown[] {
  return lost(...given).map(({ urn, blocks, kind, message }) => {
    expect(urn).to.equal(DATA);
    return [blocks, kind, message.split("\n").at(kind === "exempt" ? 0 : -1)];
  });
}
const exempt = (changes: object = {}): Json => ({
  [POLICY]: { exemptions: [{ urn: "urn:pulumi:dev::shop::**::data", reason: "moved to Ops", ...changes }] },
});
const entry = `  {"${POLICY}": {"exemptions": [{"urn": "${DATA}", "reason": ""}]}}`;
const blocking = [[true, "violation", entry]];
const advisory = [[false, "violation", entry]];
const own = (changes: Partial<Finding> = {}): Finding =>
  violationNowhere({ pack: OWN.name, policy: POLICY, urn: DATA, ...changes });

describe("a block that a preview takes away", () => {
  it("is told of in the program's language, and says where nothing tells that", () => {
    const fixes = [LANGUAGES.python, LANGUAGES.go, LANGUAGES.yaml, undefined].flatMap((language) =>
      lostFindings(renamed, [OWN], [], NONE, () => language).map(({ fix, more }) => [
        fix?.split("\n"),
        more?.includes(GUESSED),
      ]),
    );
    const ifNot = "If not: In 'old', set this first, in an update of its own:";
    const go = 'pulumi.Aliases([]pulumi.Alias{{Name: pulumi.String("old")}}),';
    expect(fixes).to.deep.equal([
      [['aliases=[pulumi.Alias(name="old")],', `# ${ifNot}`, "skip_destroy=True,"], false],
      [[go, `// ${ifNot}`, "SkipDestroy: pulumi.Bool(true),"], false],
      [[`aliases: ["${block("old")}"]`, `# ${ifNot}`, "skipDestroy: true"], false],
      [['aliases: [{ name: "old" }],', `// ${ifNot}`, "skipDestroy: true,"], true],
    ]);
  });

  it("says whom to ask, as the configuration of its policy does, or of all", () => {
    const asked = (config: Json): string[] =>
      lost(config).flatMap(({ message }) => message.match(/^Whom to ask.*$/gm) ?? []);
    const all = { all: { enforcementLevel: "mandatory", contact: "#cloud" } };
    expect([asked({}), asked(all), asked({ ...all, [POLICY]: { contact: "#s3" } })]).to.deep.equal([
      [],
      ["Whom to ask: #cloud"],
      ["Whom to ask: #s3"],
    ]);
  });

  const exemptUntil = (text: string): unknown[] => [[false, "exempt", `Exempt${text}: moved to Ops`]];
  const levels: Record<string, [config: Json | undefined, expected: unknown[]]> = {
    "blocks without a configuration": [undefined, blocking],
    "blocks at the level mandatory": [{ [POLICY]: "mandatory" }, blocking],
    "blocks at the level remediate": [{ [POLICY]: "remediate" }, blocking],
    "is advisory where the policy is": [{ [POLICY]: "advisory" }, advisory],
    "is advisory where its object says so": [{ [POLICY]: { enforcementLevel: "advisory" } }, advisory],
    "is advisory where all policies are": [{ all: "advisory" }, advisory],
    "blocks where all others are advisory": [{ all: "advisory", [POLICY]: "mandatory" }, blocking],
    "is not evaluated where the policy is off": [{ [POLICY]: "disabled" }, []],
    "blocks whatever another policy's level is": [{ "s3-account-public-access-block": "disabled" }, blocking],
    "is exempt where its bucket is": [exempt(), exemptUntil("")],
    "is exempt until the last day": [exempt({ expires: "2999-12-31" }), exemptUntil(" until 2999-12-31")],
    "blocks when the exemption has run out": [
      exempt({ expires: "2020-01-31" }),
      [[true, "violation", "Its exemption ran out on 2020-01-31: moved to Ops"]],
    ],
    "blocks where another bucket is exempt": [exempt({ urn: "**::other" }), blocking],
    "blocks where the exemption has a mistake in it": [exempt({ expires: "soon" }), blocking],
  };
  for (const [what, [config, expected]] of Object.entries(levels)) {
    it(what, () => {
      expect(found(config)).to.deep.equal(expected);
    });
  }

  it("is a note that no exemption needs where nothing shows what is lost", () => {
    const urn = `${STACK}site:tf:aws_s3_bucket_public_access_block::module.site.aws_s3_bucket_public_access_block.it`;
    const hidden: Step = { ...gone, urn, before: { ...state, provider: "", inputs: {}, outputs: {} } };
    expect(
      lost(undefined, { steps: [hidden] }).map(({ blocks, kind, message }) => [
        blocks,
        kind,
        message.includes("exemptions"),
      ]),
    ).to.deep.equal([[false, "unverified", false]]);
  });

  it("is not said twice when the pack says that the bucket has no block", () => {
    expect(found(undefined, { steps: dropped, told: [own()] })).to.deep.equal([]);
    expect(found(exempt(), { steps: dropped, told: [own({ kind: "exempt", blocks: false })] })).to.deep.equal([]);
    expect(found(undefined, { steps: dropped })).to.deep.equal(blocking);
    expect(found(undefined, { steps: dropped, told: [own({ blocks: false })] })).to.deep.equal(blocking);
  });

  it("is said beside what the pack has against a block that stays, which the pack can't see the loss of", () => {
    expect(found(undefined, { told: [own()] })).to.deep.equal(blocking);
  });

  it("is not evaluated where the package's own pack didn't run, and without its configuration where an organization requires it", () => {
    expect(found(undefined, { packs: [{ ...OWN, name: "demo" }] })).to.deep.equal([]);
    expect(found(exempt(), { packs: [{ ...OWN, isLocal: false, path: "" }] })).to.deep.equal(blocking);
  });

  it("is blocked when one of two runs of the pack exempts it and the other doesn't", () => {
    expect(found(exempt(), { packs: [OWN, { ...OWN, isLocal: false, path: "" }] })).to.deep.equal(blocking);
  });

  it("has a rule of its own", () => {
    expect(ruleOf(OWN.name, "s3-lost-public-access-block").displayName).to.equal(
      "What stays keeps its public access block",
    );
    expect(ruleOf("demo", "s3-lost-public-access-block").displayName).to.equal("s3-lost-public-access-block");
  });

  it("is blocked by the report though the CLI passed, and doesn't explain a CLI that failed", () => {
    const events = [
      { policyAnalyzeStackSummaryEvent: { policyPackName: OWN.name } },
      { summaryEvent: { PolicyPacks: { [`${OWN.name}|local|/own`]: "1.0.0" } } },
    ];
    const roots = { project: __dirname, repository: __dirname, manifest: "Pulumi.yaml" };
    const verdictOf = (exitCode: number): unknown => {
      const { verdict, findings } = report({ events: read(events), steps: renamed }, exitCode, 1, "dev", roots);
      return [verdict, findings.map(({ name, policy, severity }) => [name, policy, severity])];
    };
    const finding = ["data", "s3-lost-public-access-block", "high"];
    expect([verdictOf(0), verdictOf(1)]).to.deep.equal([
      ["blocked", [finding]],
      ["failed", [finding]],
    ]);
  });

  it("has the configuration that its pack was given, the policies of one of version 2, and none of one that can't be read", () => {
    const folder = mkdtempSync(join(tmpdir(), "lost-"));
    const second = {
      version: 2,
      policies: { all: "advisory" },
      exceptions: { site: { reason: "A public site", match: [] } },
    };
    const texts = { a: '{"all":"advisory"}', b: JSON.stringify(second), c: "[]", d: "{" };
    const configs = [...Object.keys(texts), "none"].map((name) => join(folder, name));
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
    const packs = ["/a", "/b", "/c", "/d", "/e", "/f"];
    const { of, versioned, problems } = readConfigs(packs, configs);
    rmSync(folder, { recursive: true });
    const all = { all: "advisory" };
    expect(packs.map(of)).to.deep.equal([all, all, undefined, undefined, undefined, undefined]);
    expect(versioned).to.deep.equal([configs[1]]);
    expect(problems.map((each) => each.replace(folder, "").slice(0, 35))).to.deep.equal([
      "/c: the whole file: not an object",
      "/d: it is not JSON: line 1, column ",
      "/none: ENOENT: no such file or dire",
    ]);
  });
});

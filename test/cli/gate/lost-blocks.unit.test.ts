import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { LANGUAGES } from "../../../policypack/languages";
import { readConfig, readConfigs } from "../../../cli/config";
import { readEvent } from "../../../cli/gate/events";
import { lostFindings } from "../../../cli/gate/lost-blocks";
import { type Json, type State, type Step, UnreadableError } from "../../../cli/gate/output";
import { report } from "../../../cli/gate/verdict";
import type { Finding } from "../../../cli/report/report";
import { isObject } from "../../../policypack/lib/values";
import { blankState, violationNowhere } from "../report/builders";
import { tempFolder } from "../../temp-folder";
import { rowsOf, testdata } from "../../testdata";

const STACK = "urn:pulumi:dev::shop::";
const UNSEEN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** A type of resource, and the state that it has unless a case says otherwise. */
interface Kind extends Partial<State> {
  readonly type: string;
  /** Of one that has a block inside: what it has without it. */
  readonly unlocked?: State["inputs"];
  /** What the address of the bucket in it has behind the URN. */
  readonly path?: string;
}

const KINDS = JSON.parse(JSON.stringify(testdata("preview/kinds.yaml")), (_, value: unknown) =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([key, each]) =>
          key.endsWith("!json") ? [key.slice(0, -5), JSON.stringify(each)] : [key, each],
        ),
      )
    : value,
) as Record<string, Kind>;

type Changes = Partial<State> & {
  readonly from?: readonly string[];
  readonly after?: State["inputs"];
  readonly more?: State["inputs"];
  readonly isUnlocked?: boolean;
};
interface Case {
  readonly steps: readonly (string | Record<string, Changes | "unlocked" | "none">)[];
  readonly lost?: string;
  readonly as?: "advisory" | "exempt" | "note";
  readonly says?: string;
  readonly language?: "python" | "go" | "yaml" | "none";
  readonly config?: Json;
  readonly reported?: Partial<Finding>;
  readonly packs?: readonly (keyof typeof PACKS)[];
  readonly unreadable?: string;
}

const own = { name: "s3-public-access-block", version: "1.0.0", isLocal: true, path: "/own" };
const PACKS = { own, other: { ...own, name: "other" }, required: { ...own, isLocal: false, path: "" } };
const KINDS_OF = {
  blocks: [true, "violation"],
  advisory: [false, "violation"],
  exempt: [false, "exempt"],
  note: [false, "unverified"],
};

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
    dependencies = from ?? [],
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
    dependencies: dependencies.map(urnOf),
    ...(from && {
      ...{ outputs: {}, inputs: { ...KINDS.block?.inputs, bucket: UNSEEN } },
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

const EXEMPTING = "\nIf it must be public, exempt it with a reason";
const POLICY = "s3-bucket-public-access-block";
const RENAMED = ["same bucket data", "create block new", "delete block old"];

describe("what a preview takes away", () => {
  for (const [title, rows] of rowsOf("preview/lost-blocks.yaml", { unknown: UNSEEN }) as [string, Case[]][]) {
    const verb = rows[0]?.unreadable ? "can't be told from" : rows[0]?.lost ? "finds" : "passes";
    it(`${verb} ${title}`, () => {
      rows.forEach(check);
    });
  }

  it("is shown at the stack of a template, with a fix in the program's language, and says how to exempt it but by the CLI's own exceptions", () => {
    const [inTemplate] = found({ steps: [{ "update template it": "unlocked" }, "same block lock"] });
    expect(inTemplate?.at).to.equal(urnOf("template it"));
    const [renamed] = found({ steps: RENAMED, language: "python" });
    expect(renamed?.fix).to.contain("\n# If not: In 'old', ");
    expect([renamed?.pack, renamed?.policy, renamed?.severity]).to.deep.equal([
      ...[own.name, "s3-lost-public-access-block", "high"],
    ]);
    const entry = { [POLICY]: { exemptions: [{ urn: urnOf("bucket data"), reason: "" }] } };
    const last = renamed?.message.split("\n").at(-1) ?? "";
    expect(JSON.parse(last.slice(last.indexOf("{")))).to.deep.equal(entry);
    expect(renamed?.published?.howToExempt?.isExceptable).to.equal(false);
  });

  it("blocks though the CLI passed, and doesn't explain a CLI that failed", () => {
    const events = [
      { policyAnalyzeStackSummaryEvent: { policyPackName: own.name } },
      { summaryEvent: { PolicyPacks: { [`${own.name}|local|/own`]: "1.0.0" } } },
    ].flatMap((event) => readEvent(event) ?? []);
    const roots = { project: __dirname, repository: __dirname, manifest: "Pulumi.yaml" };
    const verdicts = [0, 1].map((exitCode) => {
      const { verdict, findings } = report({ events, steps: RENAMED.map(step), exitCode }, 1, "dev", roots);
      return [verdict, ...findings.map(({ name }) => name)];
    });
    expect(verdicts).to.deep.equal([
      ["blocked", "data"],
      ["failed", "data"],
    ]);
  });
});

describe("the configurations of packs", () => {
  it("are those that each was given, the policies of one of version 2, and none of one that can't be read", () => {
    const folder = tempFolder("lost");
    const all = { all: "advisory" };
    const second = { version: 2, policies: all, exceptions: { site: { reason: "A public site", match: [] } } };
    const texts = { a: JSON.stringify(all), b: JSON.stringify(second), c: "[]", d: "{" };
    const configs = [...Object.keys(texts), "none"].map((name) => join(folder, name));
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
    const packs = ["/a", "/b", "/c", "/d", "/e", "/f"];
    const { of, versioned, problems } = readConfigs(packs, configs);
    const levels = packs.map((path) => of(path)?.of(POLICY).level);
    expect(levels).to.deep.equal(["advisory", "advisory", undefined, undefined, undefined, undefined]);
    expect(versioned).to.deep.equal([configs[1]]);
    expect(problems.map((each) => each.replace(folder, "").slice(0, 35))).to.deep.equal([
      "/c: the whole file: not an object",
      "/d: it is not JSON: line 1, column ",
      "/none: ENOENT: no such file or dire",
    ]);
  });
});

function found({ steps, config, packs = ["own"], reported, language }: Case) {
  const made = steps.map(step);
  const findings = reported
    ? [violationNowhere({ pack: own.name, policy: POLICY, urn: urnOf("bucket data"), ...reported })]
    : [];
  const of = (path: string) => (path === "/own" && config ? readConfig(JSON.stringify(config)) : undefined);
  const program = language === "none" ? undefined : LANGUAGES[language ?? "javascript"];
  return lostFindings(
    made,
    packs.map((name) => PACKS[name]),
    findings,
    { of },
    () => program,
  );
}

function check(given: Case): void {
  const { lost, as, says, unreadable } = given;
  if (unreadable !== undefined) {
    expect(() => found(given)).to.throw(UnreadableError, unreadable);
    return;
  }
  const [kind = ""] = lost?.split(" ") ?? [];
  const all = found(given);
  expect(all.map(({ urn, blocks, kind }) => [urn, blocks, kind])).to.deep.equal(
    lost === undefined ? [] : [[urnOf(lost) + (KINDS[kind]?.path ?? ""), ...KINDS_OF[as ?? "blocks"]]],
  );
  if (says === undefined) return;
  const [message = ""] = all.map((each) => each.message.split(EXEMPTING)[0]);
  const pattern = says.split("...\n").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  expect(`${message}\n`).to.match(new RegExp(`^${pattern.join("[^]*")}$`));
}

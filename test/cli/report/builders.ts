import type { State } from "../../../cli/gate/output";
import { AUDIT_FORMATS, FORMATS, type FormatName } from "../../../cli/report/formats";
import type { Audit } from "../../../cli/report/audit";
import { other } from "../../../policypack/findings/finding";
import { read } from "../../../policypack/findings/text";
import { shown } from "../../../cli/report/message";
import type { Context, Finding, Link, Report } from "../../../cli/report/report";
import { toEdit } from "../../../cli/source/edit";
import { filledIn } from "../../policypack/cases";

/** A mandatory violation of a resource whose place in the program is not known. */
export function violationNowhere(changes: Partial<Finding> = {}): Finding {
  return {
    pack: "demo",
    policy: "no-open-bucket",
    urn: "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::data",
    type: "aws:s3/bucket:Bucket",
    name: "data",
    blocks: true,
    severity: "high",
    kind: "violation",
    message: "The bucket is open.",
    problem: "The bucket is open.",
    ...changes,
  };
}

/** The same on a line of index.ts. */
export function violation(changes: Partial<Finding> = {}): Finding {
  return violationNowhere({ position: { file: "infra/index.ts", line: 8, column: 11 }, ...changes });
}

/** A finding with a name and on a line of its own. */
export function numbered(number: number, changes: Partial<Finding> = {}): Finding {
  return violation({
    name: `b${number}`,
    urn: `urn:pulumi:dev::shop::aws:s3/bucket:Bucket::b${number}`,
    position: { file: "infra/index.ts", line: number, column: 1 },
    ...changes,
  });
}

/** What this package's own policy says of a bucket, as data. */
export function published(changes: object = {}): NonNullable<Finding["published"]> {
  const said = { ...other("Open."), kind: "violation" as const, isGuessed: false, isOnlyShown: false };
  const nothing = { address: undefined, contact: undefined, exemption: undefined, howToExempt: undefined };
  return { ...said, ...nothing, ...changes };
}

export function own(number: number, changes: Partial<Finding> = {}): Finding {
  const [pack, policy] = ["s3-public-access-block", "s3-bucket-public-access-block"];
  return numbered(number, { pack, policy, published: published(), ...changes });
}

/**
 * A finding in a YAML file: of this package's own policy with the number `own`, with the number `at`, or with none and maybe no place;
 * `exempt` until a day or for good, and saying something else. Its fix inserts lines at these offsets. It `reads` as the text that travels.
 */
export interface WrittenFinding extends Partial<Finding> {
  readonly own?: number;
  readonly at?: number;
  readonly nowhere?: boolean;
  readonly exempt?: string;
  readonly says?: object;
  readonly inserts?: readonly number[];
  readonly reads?: string;
  /** So many of them; `$n` is the number of each. */
  readonly times?: number;
}

export function findingsIn(list: readonly WrittenFinding[]): Finding[] {
  return list.flatMap(({ times = 1, ...row }) =>
    Array.from({ length: times }, (_, index) => findingOf(filledIn(row, { n: index + 1 }) as WrittenFinding)),
  );
}

function findingOf({ own: ofOwn, at, nowhere, exempt, says, inserts, reads, ...rest }: WrittenFinding): Finding {
  const exemption =
    exempt === undefined ? {} : { kind: "exempt" as const, exemption: { reason: "r", expires: exempt || undefined } };
  const changes: Partial<Finding> = {
    ...(exempt !== undefined && { kind: "exempt", blocks: false }),
    ...(ofOwn !== undefined && { published: published({ ...exemption, ...says }) }),
    ...(inserts && {
      edits: inserts.map((from) =>
        toEdit("infra/index.ts", "one\ntwo\nthree\n", [{ from, to: from, text: "\nblock" }]),
      ),
    }),
    ...(reads !== undefined && shown(read(reads))),
    ...rest,
  };
  if (ofOwn !== undefined) return own(ofOwn, changes);
  if (at !== undefined) return numbered(at, changes);
  return nowhere === true ? violationNowhere(changes) : violation(changes);
}

/** The report of a blocked preview. */
export function blocked(findings: readonly Finding[], changes: Partial<Report> = {}): Report {
  return {
    stack: "dev",
    verdict: "blocked",
    problems: [],
    notes: [],
    packs: [{ name: "demo", version: "1.2.3" }],
    findings,
    remediations: [],
    manifest: "infra/Pulumi.yaml",
    ...changes,
  };
}

/** The report of a preview that nothing was found in. */
export function clean(): Report {
  return blocked([], { verdict: "passed" });
}

/** A resource's state in a step of the CLI's JSON output that names none of its properties. */
export function blankState(changes: Partial<State> = {}): State {
  return {
    ...{ inputs: {}, outputs: {}, provider: "", parent: "", propertyDependencies: {}, deletedWith: "" },
    ...{ dependencies: [], external: false, retainOnDelete: false, ...changes },
  };
}

/** Of a run whose time and version stay the same. */
export const RUN = {
  product: { version: "1.2.3", homepage: "https://example.com/" },
  time: "2026-11-25T09:30:00.000Z",
};

/** Reports in a format of the gate's. */
export function written(name: FormatName, reports: Report | readonly Report[], context: Partial<Context> = {}): string {
  const format = FORMATS.find((each) => each.name === name);
  return format?.render([reports].flat(), { ...RUN, ...context }) ?? "";
}

export function audited(name: (typeof AUDIT_FORMATS)[number]["name"], audit: Audit, link?: Link): string {
  const format = AUDIT_FORMATS.find((each) => each.name === name);
  return format?.render(audit.reports, { ...RUN, audit, link }) ?? "";
}

/** As much of a value as is wanted of it: null is what isn't there, "..." is anything. */
export function asWanted(value: unknown, wanted: unknown): unknown {
  if (wanted === "..." && value !== undefined) return wanted;
  if (Array.isArray(value) && Array.isArray(wanted)) return value.map((each, at) => asWanted(each, wanted[at]));
  if (typeof wanted !== "object" || wanted === null || Array.isArray(wanted)) return value ?? null;
  const given = (value ?? {}) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(wanted).map(([key, each]) => [key, asWanted(given[key], each)]));
}

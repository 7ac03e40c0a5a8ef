/** Reads reports of a preview as others do: held against the published schema of each, with the types of what tests look at. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv, { type ErrorObject, type ValidateFunction } from "ajv";
import Draft04 from "ajv-draft-04";
import addFormats from "ajv-formats";
import { expect } from "chai";
import type { Finding, Report } from "../../../cli/report/report";

const schemaIn = (file: string): object => JSON.parse(readFileSync(file, "utf8")) as object;

// One of its patterns, for languages, isn't a regular expression in Unicode mode.
const draft04 = new Draft04({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats(draft04);
const isSarif = draft04.compile(schemaIn(require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json")));
const strict = (file: string): ValidateFunction =>
  new Ajv({ allErrors: true, strict: true }).compile(schemaIn(join(__dirname, "../../..", file)));
const isJson = strict("docs/preview-report.schema.json");
const isRdjson = strict("test/testdata/report/rdjson.schema.json");
const isOcsf = new Ajv({ allErrors: true, strictTypes: false }).compile(
  schemaIn(join(__dirname, "../../testdata/report/ocsf.schema.json")),
);

const errorsOf = (isValid: ValidateFunction, value: unknown): string[] =>
  isValid(value)
    ? []
    : (isValid.errors ?? []).map(({ instancePath, message = "" }: ErrorObject) => `${instancePath} ${message}`);

/** What is wrong with a SARIF log by the published schema, and with a JSON report and one for reviewdog by the documented ones. */
export const schemaErrors = (log: unknown): string[] => errorsOf(isSarif, log);
export const jsonErrors = (report: unknown): string[] => errorsOf(isJson, report);
export const ocsfErrors = (events: unknown): string[] => errorsOf(isOcsf, events);
export const rdjsonErrors = (report: unknown): string[] => errorsOf(isRdjson, report);

interface Text {
  text: string;
}
interface Run {
  automationDetails: { id: string };
  tool: { driver: { rules: (Record<"shortDescription" | "fullDescription" | "help", Text> & { helpUri?: string })[] } };
  invocations: [{ toolConfigurationNotifications?: { message: Text }[] }];
  results: {
    ruleId: string;
    level: string;
    message: Text;
    partialFingerprints: Record<string, string>;
    suppressions?: { kind: string; justification: string }[];
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number; startColumn?: number } };
        logicalLocations: [{ fullyQualifiedName: string }];
      },
    ];
  }[];
}

export const runsIn = (text: string) => (JSON.parse(text) as { runs: [Run, ...Run[]] }).runs;

/** The runs of a valid SARIF log. */
export function sarifRuns(text = ""): [Run, ...Run[]] {
  expect(schemaErrors(JSON.parse(text))).to.deep.equal([]);
  return runsIn(text);
}

interface Stack extends Pick<Report, "stack" | "verdict" | "problems"> {
  project: string;
  configuration?: string;
  findings: (Finding & { placedAt?: string })[];
  policies: { policy: string }[];
}

/** A valid JSON report. */
export function jsonReport(text = ""): { exitCode: number; stacks: [Stack, ...Stack[]] } {
  const report = JSON.parse(text) as ReturnType<typeof jsonReport>;
  expect(jsonErrors(report)).to.deep.equal([]);
  return report;
}

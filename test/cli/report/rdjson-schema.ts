import Ajv from "ajv";

/** Reviewdog's Diagnostic Format as its documentation describes it, and no more than that. */
const text = { type: "string" };
const count = { type: "integer", minimum: 1 };
const object = (properties: object, required = Object.keys(properties)) => ({
  ...{ type: "object", additionalProperties: false, properties, required },
});
const place = object({ line: count, column: count }, ["line"]);
const range = object({ start: place, end: place }, ["start"]);
const diagnostic = {
  message: text,
  location: object({ path: text, range }, ["path"]),
  severity: { enum: ["ERROR", "WARNING", "INFO"] },
  code: object({ value: text, url: text }, ["value"]),
  suggestions: { type: "array", items: object({ range, text }) },
};
const validate = new Ajv({ strict: true }).compile(
  object({
    source: object({ name: text, url: text }, ["name"]),
    diagnostics: { type: "array", items: object(diagnostic, ["message", "location"]) },
  }),
);

/** What that form has against a report. */
export function rdjsonErrors(report: unknown): unknown[] {
  return validate(report) ? [] : (validate.errors ?? []);
}

import type { Resource } from "../engine/resource";
import { isObject, property, UNKNOWN } from "../lib/values";
import { partitionOf } from "../aws/partition";
import { quoted, type Said, unseeable, unverified } from "../findings/finding";
import { native } from "./native";
import type { Environment } from "./functions";
import { evaluate } from "./template";
import { lastCounts, parseTemplate } from "./template-text";
import { STACK_SETS } from "./types";
import { inside, unreadable, unseen } from "./unseen";

/**
 * CloudFormation, out of a Pulumi program: `templateBody` (JSON or YAML), `templateUrl`, `parameters`, from the types of
 * @pulumi/aws 7.48.0 and @pulumi/aws-native 1.79.0. A stack set's instances can override its parameters, so they decide
 * nothing.
 */

export function resourcesOfTemplate(stack: Resource): readonly Resource[] {
  if (!stack.inThisRun) return [];
  const body = stack.read("templateBody");
  const subject = `The template of ${quoted(stack.urn)}`;
  const note = (said: Said | string): Resource => unseen(stack, said, true);
  const hasUrl = !isEmpty(stack.read("templateUrl"));
  if (isEmpty(body) || (body === UNKNOWN && hasUrl)) {
    const isPrevious = stack.read("usePreviousTemplate") === true;
    if (!isPrevious && !hasUrl) return [];
    const reason = isPrevious ? "it is the one that was deployed before" : "it is at a URL";
    return [note(unseeable(subject, reason, "Pass it as templateBody to have its buckets evaluated."))];
  }
  if (body === UNKNOWN) return [note(unverified(subject, "it is not known yet"))];
  const parsed = typeof body === "string" ? parseTemplate(body) : { template: body };
  const { template, repeated, problem = problemOf(template) } = parsed;
  if (problem !== undefined) return [unseen(stack, unreadable(subject, `it ${problem}`), false)];
  const isYaml = typeof body === "string" && !/^\s*\{/.test(body);
  const made = within({ ...stack, isYaml }, template as object);
  return repeated === undefined ? made : [...made, note(lastCounts(subject, repeated))];
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

/** Deeper than CloudFormation takes by far, and less deep than what a recursion overflows at. */
const DEEPEST = 200;

function problemOf(template: unknown): string | undefined {
  let level: unknown[] = [template];
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++)
    level = level.flatMap((each): unknown[] => (typeof each === "object" && each !== null ? Object.values(each) : []));
  return !isObject(template) ? "isn't a template" : level.length > 0 ? "is nested too deep" : undefined;
}

function within(stack: Resource, template: object): readonly Resource[] {
  const { resources, hidden, exports } = evaluate(template, environmentOf(stack));
  // The names of buckets that the stack, once it is deployed, has in its outputs.
  const outputs = stack.read("outputs");
  const names = new Map(
    exports.flatMap(({ key, id }) => {
      const value = property(outputs, key);
      return typeof value === "string" ? [[id, value.replace(/^arn:[^:]*:s3:::/, "")] as const] : [];
    }),
  );
  const made = resources.flatMap(({ id, type, read }) => {
    const at = (name: string): unknown => read(name) ?? (name === "BucketName" ? names.get(id) : undefined);
    return native(stack, type, at, `/Resources/${id}`) ?? [];
  });
  const untold = hidden.map(({ path, reason, isReadable }) => {
    const subject = quoted(inside(stack, path).urn);
    const said = isReadable
      ? unseeable(subject, `it ${reason}`, "A bucket that it makes isn't evaluated.")
      : unreadable(subject, `it ${reason}`);
    return unseen(stack, said, isReadable, path);
  });
  return [...made.filter(({ type }) => type !== "aws-native:cloudformation:Stack"), ...untold];
}

function environmentOf(stack: Resource): Environment {
  // A stack set is deployed to many regions, and by names of its own.
  if (STACK_SETS.test(stack.type)) return { parameters: UNKNOWN, pseudo: {} };
  const text = (...values: unknown[]): string | undefined => values.find((each) => typeof each === "string");
  const region = text(stack.read("region"), stack.provider?.read("region"));
  const name = text(stack.read("name"), stack.read("stackName"));
  const parameters = stack.read("parameters");
  // Of a stack that is given none the provider computes them, and has them unknown before it is made: the defaults hold.
  const isComputed = parameters === UNKNOWN && stack.hasInputs && stack.input("parameters") === undefined;
  return {
    parameters: isComputed ? undefined : parameters,
    pseudo: {
      ...(region !== undefined && { "AWS::Region": region, "AWS::Partition": partitionOf(region) }),
      ...(name !== undefined && { "AWS::StackName": name }),
    },
  };
}

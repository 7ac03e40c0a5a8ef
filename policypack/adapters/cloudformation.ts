import type { Resource } from "../engine/resource";
import { isObject, property, UNKNOWN } from "../lib/values";
import { partitionOf } from "../aws/partition";
import { quoted, unseeable, unverified } from "../findings/finding";
import { native } from "./native";
import type { Environment } from "./functions";
import { evaluate } from "./template";
import { lastCounts, parseTemplate, Unreadable, type Parsed } from "./template-text";
import { STACK_SETS } from "./types";
import { inside, unreadable, unseen } from "./unseen";

/**
 * CloudFormation, out of a Pulumi program: `templateBody` (JSON or YAML), `templateUrl`, `parameters`, from the types of
 * @pulumi/aws 7.48.0 and @pulumi/aws-native 1.79.0. A stack set's instances can override its parameters, so they decide
 * nothing.
 */

/** The resources that a stack's template makes. */
export function resourcesOfTemplate(stack: Resource): readonly Resource[] {
  if (!stack.inThisRun) return [];
  const body = stack.read("templateBody");
  const isPrevious = stack.read("usePreviousTemplate") === true;
  const subject = `The template of ${quoted(stack.urn)}`;
  if (body === undefined || body === null || body === "" || (body === UNKNOWN && has(stack, "templateUrl"))) {
    const where =
      "Nothing is told of what is at a URL; give the template as templateBody to have its buckets evaluated.";
    if (isPrevious) {
      const where = "Give the template as templateBody to have its buckets evaluated.";
      return [unseen(stack, unseeable(subject, "it is the one that was deployed before", where), true)];
    }
    return has(stack, "templateUrl") ? [unseen(stack, unseeable(subject, "it is at a URL", where), true)] : [];
  }
  if (body === UNKNOWN) {
    return [unseen(stack, unverified(subject, "it is not known yet"), true)];
  }
  try {
    const { template, repeated }: Parsed = typeof body === "string" ? parseTemplate(body) : { template: body };
    if (!isObject(template)) throw new Unreadable("isn't a template");
    if (isTooDeep(template)) throw new Unreadable("is nested too deep");
    const notes = repeated === undefined ? [] : [unseen(stack, lastCounts(subject, repeated), true)];
    const isYaml = typeof body === "string" && !/^\s*\{/.test(body);
    return [...within({ ...stack, isYaml }, template), ...notes];
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return [unseen(stack, unreadable(subject, `it ${error.message}`), false)];
  }
}

/** Deeper than CloudFormation takes by far, and less deep than what a recursion overflows at. */
const DEEPEST = 200;

function isTooDeep(template: object): boolean {
  let level: unknown[] = [template];
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++) {
    level = level.flatMap((each): unknown[] => (typeof each === "object" && each !== null ? Object.values(each) : []));
  }
  return level.length > 0;
}

function within(stack: Resource, template: object): readonly Resource[] {
  const { resources, hidden, exports } = evaluate(template, environmentOf(stack));
  const names = namesOf(stack, exports);
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
  const region = [stack.read("region"), stack.provider?.read("region")].find((each) => typeof each === "string");
  const name = [stack.read("name"), stack.read("stackName")].find((each) => typeof each === "string");
  const pseudo = {
    ...(typeof region === "string" && { "AWS::Region": region, "AWS::Partition": partitionOf(region) }),
    ...(typeof name === "string" && { "AWS::StackName": name }),
  };
  // A stack set is deployed to many regions, and by names of its own.
  return STACK_SETS.test(stack.type)
    ? { parameters: UNKNOWN, pseudo: {} }
    : { parameters: parametersOf(stack), pseudo };
}

/** Of a stack that is given none the provider computes them, and has them unknown before it is made: the defaults hold. */
function parametersOf({ read, input, hasInputs }: Resource): unknown {
  const parameters = read("parameters");
  return parameters === UNKNOWN && hasInputs && input("parameters") === undefined ? undefined : parameters;
}

/** The names of buckets that the stack, once it is deployed, tells by its outputs. */
function namesOf(stack: Resource, exports: readonly { key: string; id: string }[]): Map<string, string> {
  const outputs = stack.read("outputs");
  return new Map(
    exports.flatMap(({ key, id }): [string, string][] => {
      const value = property(outputs, key);
      return typeof value === "string" ? [[id, value.replace(/^arn:[^:]*:s3:::/, "")]] : [];
    }),
  );
}

function has({ read }: Resource, key: string): boolean {
  return ![undefined, null, ""].includes(read(key) as null);
}

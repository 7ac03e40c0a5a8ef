import type { Resource } from "../engine/resource";
import { type Cause, type Facts, said } from "../findings/finding";
import { printable } from "../lib/json-text";
import type { Options, StackPolicy } from "../policy/definition";

/** Of a stack, what is found on each of its resources: the facts of the sentence, or nothing. */
type Find = (resources: readonly Resource[], options: Options) => (resource: Resource) => Facts | undefined;

/** How a policy evaluates that advises: one finding on each resource on which there is one, with the line that fixes it. */
export function adviceOn(cause: Cause, fix: string, find: Find): StackPolicy["evaluateStack"] {
  return (resources, options) => {
    const factsOf = find(resources, options);
    return resources.flatMap((resource) => {
      const { urn } = resource;
      const facts = factsOf(resource);
      return facts === undefined ? [] : [{ urn, said: said(cause, urn, facts, [fix]) }];
    });
  };
}

/** Each once, in one text; undefined where there are none. */
export function listed(names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : [...new Set(names)].map(printable).join(", ");
}

import { nameIn, typeIn } from "./urn";

/*
 * What the messages of all policies have in common. They call a resource by its logical name: a physical name may be a
 * secret.
 */

/** Names a few: a message is to be read. */
export function listOf(resources: readonly { urn: string }[]): string {
  const names = resources.slice(0, 3).map(({ urn }) => `'${nameIn(urn)}'`);
  const more = resources.length - names.length;
  // Of a hundred that are alike the policies look at no more.
  return names.join(" and ") + (more > 0 ? ` and ${more < 90 ? more : "many"} more` : "");
}

/** The line that tells of the component which a resource is in; none where its parent is no component. */
export function madeInside(urn: string, parent: string | undefined): string[] {
  const type = parent === undefined ? "" : typeIn(parent);
  // A child's URN has the types of its parents, without that of the stack.
  const isChild = parent !== undefined && urn.includes(`${type}$`);
  // A resource of a provider has a module with the resource's name in it, or is one of Cloud Control.
  const isResource = /^[^:]+:[^:/]*\/[^:]*:|^aws-native:/.test(type);
  return isChild && !isResource ? [`Made inside ${type} '${nameIn(parent)}'.`] : [];
}

/** Comes before the URNs of what a preview leaves out. The gate, which knows the arguments of the preview, says which. */
export const INCLUDE = "Include it: add its URN to --target, or remove the --exclude that matches it.";

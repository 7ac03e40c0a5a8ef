/* The types of the resources that hold others, by themselves: what words a message needs none of the evaluation. */

const STACKS = /^aws:cloudformation\/stack:Stack$|^aws-native:cloudformation:(?:Stack|ChangeSet)$/;
export const STACK_SETS = /^aws:cloudformation\/stackSet:StackSet$|^aws-native:cloudformation:StackSet$/;

export function isTemplate(type: string): boolean {
  return STACKS.test(type) || STACK_SETS.test(type);
}

export const CLOUD_CONTROL = "aws:cloudcontrol/resource:Resource";
export const EXTENSION = "aws-native:index:ExtensionResource";

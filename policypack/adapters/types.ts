/* The types of the resources that hold others, by themselves: what words a message needs none of the evaluation. */

import { bucketMakers } from "./names.json";

const STACKS = /^aws:cloudformation\/stack:Stack$|^aws-native:cloudformation:(?:Stack|ChangeSet)$/;
export const STACK_SETS = /^aws:cloudformation\/stackSet:StackSet$|^aws-native:cloudformation:StackSet$/;

export function isTemplate(type: string): boolean {
  return STACKS.test(type) || STACK_SETS.test(type);
}

/** Types that make buckets, or may do so, that nothing here evaluates. */
const MAKERS = new RegExp(bucketMakers.join("|"), "i");

/** Providers with types of their own for a bucket's parts, and components and modules that are made of known resources. */
const NO_MAKERS =
  /^(?:aws|aws-native|pulumi|sst|synced-folder):|^[^:]+:(?:tf:|index:Module$)|^kubernetes:.*:(?!\w*bucket$)\w+$/i;

export function mayMakeBucket(type: string): boolean {
  return MAKERS.test(type) || (/s3/i.test(type) && /bucket/i.test(type) && !NO_MAKERS.test(type));
}

export const CLOUD_CONTROL = "aws:cloudcontrol/resource:Resource";
export const EXTENSION = "aws-native:index:ExtensionResource";

/* The types of the resources that hold others, by themselves: what words a message needs none of the evaluation. */

const STACKS = /^aws:cloudformation\/stack:Stack$|^aws-native:cloudformation:(?:Stack|ChangeSet)$/;
export const STACK_SETS = /^aws:cloudformation\/stackSet:StackSet$|^aws-native:cloudformation:StackSet$/;

export function isTemplate(type: string): boolean {
  return STACKS.test(type) || STACK_SETS.test(type);
}

/** Types that make buckets, or may do so, that nothing here evaluates. */
const BUCKET_MAKERS = [
  /^aws:s3\/(?!bucket:|bucketV2:|directoryBucket:|vectorsVectorBucket:)\w*bucket(?:V\d+)?:/i,
  /^aws-native:s3:(?!Bucket$)\w*Bucket(?:V\d+)?$/,
  /^aws:(?:serverlessrepository\/cloudFormationStack|servicecatalog\/provisionedProduct|elasticbeanstalk\/environment):/,
  /^aws:(?:appstream\/stack|securitylake\/dataLake|controltower\/landingZone):/,
  /^aws-native:(?:servicecatalog:CloudFormationProvisionedProduct|elasticbeanstalk:Environment|appstream:Stack)$/,
  /^aws-native:(?:securitylake:DataLake|controltower:LandingZone)$/,
];

/** Providers with types of their own for a bucket's parts, and components and modules that are made of known resources. */
const NO_MAKERS =
  /^(?:aws|aws-native|pulumi|sst|synced-folder):|^[^:]+:(?:tf:|index:Module$)|^kubernetes:.*:(?!\w*bucket$)\w+$/i;

export function mayMakeBucket(type: string): boolean {
  if (BUCKET_MAKERS.some((maker) => maker.test(type))) return true;
  return /s3/i.test(type) && /bucket/i.test(type) && !NO_MAKERS.test(type);
}

export const CLOUD_CONTROL = "aws:cloudcontrol/resource:Resource";
export const EXTENSION = "aws-native:index:ExtensionResource";

/* Stands in for every part of `@pulumi/pulumi` that is not in the package. */
throw new Error(
  "This @pulumi/pulumi is not Pulumi's SDK: it came with the policy pack s3-public-access-block and has nothing but " +
    "cmd/run-policy-pack, which starts that pack. If your Pulumi CLI needs more to start a policy pack, give it the " +
    "executable: --policy-pack FOLDER/index.js, with the folder of the policy pack.",
);

"use strict";
// Another author's pack: it quotes what it sees, knows nothing of unknown values, and changes one thing silently.
const { PolicyPack } = require("@pulumi/policy");

const isBucket = ({ type }) => type === "aws:s3/bucket:Bucket";

new PolicyPack("careless", {
  policies: [
    {
      name: "quotes-tags",
      description: "Buckets have an owner.",
      enforcementLevel: "advisory",
      severity: "low",
      validateResource: (args, report) => {
        if (isBucket(args)) report(`There is no owner in ${JSON.stringify(args.props.tags)}.`);
      },
    },
    {
      name: "reads-unknown",
      description: "Buckets are in this partition.",
      enforcementLevel: "mandatory",
      validateStack: ({ resources }, report) => {
        for (const { props } of resources.filter(isBucket)) if (!props.arn.startsWith("arn:aws:")) report("It is not.");
      },
    },
    {
      name: "adds-tag",
      description: "Buckets are tagged.",
      enforcementLevel: "remediate",
      remediateResource: ({ type, props }) =>
        isBucket({ type }) ? { ...props, tags: { ...props.tags, pack: "1" } } : undefined,
    },
  ],
});

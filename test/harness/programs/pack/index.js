"use strict";
// Says what it is shown, so that a test can see what the engine sends.
const { PolicyPack } = require("@pulumi/policy");

const type = "aws:s3/bucket:Bucket";

new PolicyPack("engine-pack", {
  enforcementLevel: "advisory",
  policies: [
    {
      name: "inputs",
      description: "Shows the inputs of a bucket.",
      severity: "low",
      configSchema: { properties: { prefix: { type: "string", default: "inputs" } } },
      validateResource: ({ type: of, props, getConfig }, report) => {
        if (of === type) report(`${getConfig().prefix}: ${Object.keys(props).sort().join(" ")}`);
      },
      remediateResource: ({ type: of, props }) => {
        if (of === type) return { ...props, forceDestroy: true };
      },
    },
    {
      name: "stack",
      description: "Shows what a block depends on.",
      enforcementLevel: "mandatory",
      validateStack: ({ resources }, report) => {
        for (const { urn, propertyDependencies } of resources) {
          const on = propertyDependencies.bucket;
          if (on) report(`depends on ${on.map(({ name }) => name).join(" ")}`, urn);
        }
      },
    },
  ],
});
